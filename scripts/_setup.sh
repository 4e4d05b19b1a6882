# Shared by scripts/demo and scripts/test: a virtual environment that holds what the lock file says, made once.
# Usage: source scripts/_setup.sh LOCK   (defines PY)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
lock=$1
venv=${MINE_ENERGY_VENV:-.venv}

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo "mine_energy needs Python 3.11 or newer; set PYTHON to its path." >&2
  return 1
}

if [ -x "$venv/Scripts/python.exe" ]; then PY="$venv/Scripts/python.exe"; else PY="$venv/bin/python"; fi
if ! "$PY" -c '' 2>/dev/null; then
  "$(find_python)" -m venv "$venv"
  [ -x "$venv/Scripts/python.exe" ] && PY="$venv/Scripts/python.exe"
fi
# The stamp holds what the environment was made from; any change of a lock or of pyproject.toml installs again.
stamp="$venv/mine_energy.$(basename "$lock").stamp"
wanted=$(cat "$lock" pyproject.toml | cksum)
if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ]; then
  echo "Installing $lock into $venv (once) ..." >&2
  "$PY" -m pip install --quiet --disable-pip-version-check -r "$lock"
  "$PY" -m pip install --quiet --disable-pip-version-check --no-deps --editable .
  echo "$wanted" > "$stamp"
fi
