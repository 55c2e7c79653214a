# SPDX-License-Identifier: Apache-2.0
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("security", "0003_second_factor")]
    operations = [
        migrations.AddField(
            "user", "must_change_password", models.BooleanField(default=False, verbose_name="须改密码")
        )
    ]
