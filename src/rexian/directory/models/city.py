# SPDX-License-Identifier: Apache-2.0
from django.db import models
from django.utils.translation import gettext_lazy as _

from rexian.directory.coordinates import Datum


class City(models.Model):
    """The one city that this installation serves: everything of it that is not a list."""

    code = models.CharField(_("行政区划代码"), max_length=6)
    name = models.CharField(_("城市"), max_length=32)
    hotline = models.CharField(_("热线名称"), max_length=32)
    telephone = models.CharField(_("热线号码"), max_length=16, default="12345")
    rule_pack = models.CharField(_("规则包"), max_length=32)
    dispatch_above = models.FloatField(_("自动派单置信度"), null=True, blank=True)
    longitude = models.FloatField(_("中心经度"))
    latitude = models.FloatField(_("中心纬度"))
    tiles = models.CharField(_("地图瓦片地址"), max_length=200, blank=True)
    tiles_datum = models.CharField(
        _("瓦片坐标系"), max_length=8, choices=[(one.value, one.name) for one in Datum], default=Datum.WGS84.value
    )
    logo = models.CharField(_("标志"), max_length=8, default="热")

    class Meta:
        verbose_name = _("城市")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="city_only_one"),
            models.CheckConstraint(condition=models.Q(tiles_datum__in=list(Datum)), name="city_tiles_datum_known"),
            models.CheckConstraint(
                condition=models.Q(dispatch_above=None) | models.Q(dispatch_above__gt=0.5, dispatch_above__lte=1),
                name="city_dispatch_above_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name
