#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Debian's Chromium and a Chinese font for the browser tests, where we may install them; else a clear word.
if command -v chromium >/dev/null && fc-list :lang=zh 2>/dev/null | grep -q .; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Chromium and a Chinese font for the browser tests"
  export DEBIAN_FRONTEND=noninteractive
  if apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-wqy-microhei fontconfig >/dev/null; then exit 0; fi
fi
echo "No Chromium or no Chinese font here and no right to install them: the tests marked 'browser' are left out."
