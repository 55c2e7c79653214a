#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Debian's Chromium, a Chinese font and nginx for the tests that need them, where we may install them; else a clear word.
missing=""
if ! command -v chromium >/dev/null; then missing="chromium"; fi
if ! fc-list :lang=zh 2>/dev/null | grep -q .; then missing="$missing fonts-wqy-microhei fontconfig"; fi
if ! PATH="$PATH:/usr/sbin" command -v nginx >/dev/null; then missing="$missing nginx-light"; fi
if [ -z "$missing" ]; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing for the tests:$missing"
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086
  if apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing >/dev/null; then exit 0; fi
fi
echo "Not here, and no right to install it:$missing. The tests marked 'browser' need Chromium and a Chinese font, tests/server/test_proxy.py needs nginx; they are left out."
