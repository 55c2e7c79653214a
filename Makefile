# SPDX-License-Identifier: Apache-2.0
UV = .venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --universal --python-version 3.11 --custom-compile-command "make lock" pyproject.toml

.PHONY: lock
lock: ## write the lock files anew
	$(UV) --extra build -o requirements/run.txt
	$(UV) --extra build --extra dev -o requirements/dev.txt
