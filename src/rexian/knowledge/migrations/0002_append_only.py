# SPDX-License-Identifier: Apache-2.0
from django.db import migrations

from rexian.security.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial")]
    operations = [
        append_only("knowledge_version"),
        append_only("knowledge_version_categories"),
        append_only("knowledge_version_areas"),
        append_only("knowledge_articleevent"),
    ]
