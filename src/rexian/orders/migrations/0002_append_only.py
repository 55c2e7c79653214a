# SPDX-License-Identifier: Apache-2.0
from django.db import migrations

from rexian.security.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE orders_serial AS bigint", "DROP SEQUENCE orders_serial"),
        append_only("orders_orderevent"),
        append_only("orders_seal"),
    ]
