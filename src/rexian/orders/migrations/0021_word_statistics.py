# SPDX-License-Identifier: Apache-2.0
"""Shares of three thousand words instead of one: by them similar orders are found (orders.similar)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0020_templates")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE orders_workorder ALTER COLUMN search SET STATISTICS 300",
            "ALTER TABLE orders_workorder ALTER COLUMN search SET STATISTICS -1",
        ),
        migrations.RunSQL("ANALYZE orders_workorder (search)", migrations.RunSQL.noop),
    ]
