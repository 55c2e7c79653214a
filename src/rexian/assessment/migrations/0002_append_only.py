# SPDX-License-Identifier: Apache-2.0
from django.db import migrations

from rexian.security.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_initial")]
    operations = [append_only("assessment_answer")]
