#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Django's deployment check under the production settings must find nothing.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
.venv/bin/python - "$folder/keys.json" <<'PY'
import json, sys
from rexian.config.secrets import new_ring
open(sys.argv[1], "w").write(json.dumps(new_ring("aes-256-gcm")))
PY
REXIAN_MODE=production REXIAN_HOSTS=hotline.example REXIAN_KEYS="$folder/keys.json" REXIAN_VAR="$folder" \
  REXIAN_SECRET_KEY=$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
  .venv/bin/python manage.py check --deploy --fail-level WARNING
