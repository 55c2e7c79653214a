# SPDX-License-Identifier: Apache-2.0
from django.apps import apps

from rexian.directory.datasets import DATASETS
from rexian.directory.models import Citizen
from rexian.security.declarations import Sensitivity
from rexian.security.fields import EncryptedTextField


def test_every_table_is_declared_with_every_field() -> None:
    declared = {dataset.model: set(dataset.fields) for dataset in DATASETS}
    tables = apps.get_app_config("directory").get_models()
    assert declared == {model: {field.name for field in model._meta.concrete_fields} for model in tables}
    assert len(declared) == len(DATASETS)


def test_what_is_encrypted_is_personal_and_nothing_personal_is_public() -> None:
    for dataset in DATASETS:
        for field in dataset.model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                assert dataset.fields[field.name] in (Sensitivity.PERSONAL, Sensitivity.SENSITIVE)
    citizen = next(dataset for dataset in DATASETS if dataset.model is Citizen)
    assert Sensitivity.PUBLIC not in citizen.fields.values()
