# The chores, one way each. Everything happens in scripts/, in Python, with the standard library alone.
.DEFAULT_GOAL := help
.PHONY: help run install test soak lint bench screenshots usability web catalogs locks clean

PORT ?= 8000
DATA ?= data
PUBLIC_URL ?=
ONLY ?=
ARGS ?=
SECONDS ?= 600
FIRST ?=

# The first Python that is new enough; without one, whichever there is says so in words.
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3 python3.14 python; do \
  "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && exit; \
  done; command -v python3 || command -v python)

chore = @$(if $(PYTHON),$(PYTHON) -m scripts,{ echo 'Python 3.11 oder neuer fehlt. Bitte installieren, auf Debian: apt install python3 python3-venv' >&2; \
  echo 'Python 3.11 or newer is missing. Please install it, on Debian: apt install python3 python3-venv' >&2; exit 1; } ;:)

help:
	@echo "make run [PORT=8000] [DATA=data]   set up and serve Rundgang with a demo company"
	@echo "make install                       set up for a firm: environment and web app, no demo, no server"
	@echo "make test [ARGS='tests/frame -x']  everything that is promised, checked"
	@echo "make soak [SECONDS=600] [FIRST=n]  new schedules of the model and of real faults, as long as told"
	@echo "make lint                          format, style, types, message catalogues"
	@echo "make bench [ONLY=name]             measure; results in bench/results/latest.json"
	@echo "make screenshots                   render the main screens into docs/screenshots/"
	@echo "make usability                     count taps, walk through every screen; writes docs/usability.md"
	@echo "make web                           build the tablet's web app into build/web/"
	@echo "make catalogs                      bring the message catalogues up to date with the source"
	@echo "make locks                         resolve the packages anew into requirements/"
	@echo "make clean                         remove what was built (not the data)"

run:
	$(chore) run --port "$(PORT)" --data "$(DATA)" --public-url "$(PUBLIC_URL)"

test:
	$(chore) test $(ARGS)

soak:
	$(chore) soak --seconds "$(SECONDS)" $(if $(FIRST),--first "$(FIRST)")

bench:
	$(chore) bench $(ONLY)

usability:
	$(chore) usability $(ARGS)

lint install screenshots web catalogs locks clean:
	$(chore) $@
