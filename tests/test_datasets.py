# SPDX-License-Identifier: Apache-2.0
"""Every table says of each of its columns whose data it is."""

from importlib import import_module
from importlib.util import find_spec

import pytest
from django.apps import apps

from rexian.security.declarations import Dataset, Sensitivity
from rexian.security.fields import EncryptedTextField

APPS = [config.name for config in apps.get_app_configs() if config.name.startswith("rexian.")]


def declared(app: str) -> list[Dataset]:
    found: list[Dataset] = import_module(f"{app}.datasets").DATASETS if find_spec(f"{app}.datasets") else []
    return found


@pytest.mark.parametrize("app", APPS)
def test_every_table_is_declared_with_each_of_its_columns(app: str) -> None:
    by_model = {one.model: set(one.fields) for one in declared(app)}
    tables = {
        model: {field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)}
        for model in apps.get_app_config(app.rpartition(".")[2]).get_models()
    }
    assert by_model == tables


def test_what_is_encrypted_is_personal() -> None:
    personal = {Sensitivity.PERSONAL, Sensitivity.SENSITIVE}
    for one in (dataset for app in APPS for dataset in declared(app)):
        for field in one.model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                assert one.fields[field.name] in personal, (one.model, field.name)
