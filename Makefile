# certdata: a PostgreSQL extension, built with PGXS.  "make help" lists the targets.

EXTENSION = certdata
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" certdata.control)

# ---- the library -------------------------------------------------------------
MODULE_big = certdata
library_sources := $(wildcard src/*.c src/rule/*.c src/type/*.c src/check/*.c src/guard/*.c src/ledger/*.c)
OBJS = $(library_sources:.c=.o)
PG_CPPFLAGS = -Isrc
# Only what SQL calls, and _PG_init, can be seen from outside: PostgreSQL 15
# gives every non-static function default visibility, and a backend is one
# name space.
# libcrypto: src/ledger/digest.c, the only file that knows OpenSSL.
SHLIB_LINK = -Wl,--version-script=certdata.map -lcrypto

# ---- the install script: the pieces of sql/install in name order ---------------
install_pieces := $(sort $(wildcard sql/install/*.sql))
install_script = sql/$(EXTENSION)--$(EXTVERSION).sql
update_sources := $(wildcard sql/update/$(EXTENSION)--*--*.sql)
update_scripts := $(update_sources:sql/update/%=sql/%)
DATA_built = $(install_script) $(update_scripts)

# ---- programs that need no PostgreSQL: src/tool/certdata_X.c makes certdata-X --
# Each has src/rule and the files src/tool/X_*.c with it.
tool_mains := $(wildcard src/tool/certdata_*.c)
tool_objects := $(patsubst %.c,%.o,$(wildcard src/tool/*.c))
rule_objects := $(patsubst %.c,%.o,$(wildcard src/rule/*.c))
tools := $(patsubst src/tool/certdata_%.c,certdata-%,$(tool_mains))

# ---- tests against a running server (make installcheck) ------------------------
REGRESS = $(patsubst test/sql/%.sql,%,$(sort $(wildcard test/sql/*.sql)))
REGRESS_OPTS = --inputdir=test
ISOLATION = $(patsubst test/specs/%.spec,%,$(sort $(wildcard test/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test --outputdir=.

EXTRA_CLEAN = certdata.map $(install_script) $(update_scripts) $(tools) src/tool/*.o src/*/*.bc src/*.bc \
	output_iso tmp_check_iso tmp_check

PG_CONFIG ?= pg_config
export PG_CONFIG
pgxs_makefile := $(wildcard $(shell $(PG_CONFIG) --pgxs 2>/dev/null))

# PGXS comes with the client on Debian, the headers do not.
ifneq ($(and $(pgxs_makefile),$(wildcard $(shell $(PG_CONFIG) --includedir-server 2>/dev/null)/postgres.h)),)

PGXS := $(pgxs_makefile)

# No bitcode: our functions are far too large for the server to inline, and code
# it did inline could not reach the library's private functions.  Whoever wants
# it all the same says make with_llvm=yes.
ifneq ($(origin with_llvm),command line)
override with_llvm = no
endif

# PGXS takes the first target it meets as its own default; keep "all" first.
all: $(tools)

include $(PGXS)

# Debian builds PostgreSQL without dependency tracking: name the headers here.
$(OBJS) $(OBJS:.o=.bc) $(tool_objects): $(wildcard src/*.h src/*/*.h) Makefile

$(OBJS) $(tool_mains:.c=.o): override CPPFLAGS += -DCERTDATA_VERSION='"$(EXTVERSION)"'

$(MODULE_big)$(DLSUFFIX): certdata.map
certdata.map: $(OBJS)
	@{ echo '{ global: Pg_magic_func; _PG_init; sealer_main; attempt_launcher_main; attempt_writer_main; verify_worker_main;'; \
	   nm $(OBJS) | sed -n 's/.* T pg_finfo_\(.*\)/\1; pg_finfo_\1;/p'; \
	   echo 'local: *; };'; } > $@.part && mv $@.part $@

$(install_script): $(install_pieces) certdata.control Makefile
	@{ printf '%s\n' '-- Made by make from sql/install; change it there.' \
		'\echo Use "CREATE EXTENSION $(EXTENSION)" to load this file. \quit'; \
	   cat $(install_pieces) </dev/null; } > $@.part && mv $@.part $@

# An update script takes in pieces of sql/install by lines "\include FILE", and
# of pieces that are there already the functions, by "\replace FILE [NAME ...]".
$(update_scripts): sql/%.sql: sql/update/%.sql $(install_pieces) script/update.awk Makefile
	@{ printf '%s\n' '-- Made by make from sql/update and sql/install; change it there.' \
		'\echo Use "ALTER EXTENSION $(EXTENSION) UPDATE" to load this file. \quit'; \
	   awk -f script/update.awk $<; } > $@.part && mv $@.part $@

# Only what checks digests and signatures needs libcrypto.
certdata-check: $(filter src/tool/check_%,$(tool_objects))
certdata-verify: $(filter src/tool/verify_%,$(tool_objects)) src/ledger/digest.o
certdata-verify: tool_libs = -lcrypto
$(tools): certdata-%: src/tool/certdata_%.o $(rule_objects)
	$(CC) $(CFLAGS) $^ $(LDFLAGS) $(tool_libs) -o $@

install: install-tools
.PHONY: install-tools uninstall-tools
install-tools: $(tools)
ifneq ($(tools),)
	$(MKDIR_P) '$(DESTDIR)$(bindir)'
	$(INSTALL_PROGRAM) $(tools) '$(DESTDIR)$(bindir)'
endif

uninstall: uninstall-tools
uninstall-tools:
ifneq ($(tools),)
	rm -f $(addprefix '$(DESTDIR)$(bindir)'/, $(tools))
endif

# What script/lint.sh compiles with, as PGXS has it.
.PHONY: print-flags
print-flags:
	@echo '$(CC) $(CPPFLAGS) $(CFLAGS)'

else

# No server headers yet.  Only what would build says so; help, deps, demo, test
# and lint below begin by installing what they need.
.PHONY: all install uninstall installcheck
all install uninstall installcheck:
	@echo 'certdata: $(PG_CONFIG) and the PostgreSQL server headers are not on this machine.' >&2
	@echo '  Debian, Ubuntu:  make deps     (installs them and a compiler; says what it does)' >&2
	@echo '  elsewhere:       install the development packages of PostgreSQL and OpenSSL,' >&2
	@echo '                   or name the program:  make PG_CONFIG=/path/to/pg_config' >&2
	@exit 1

.PHONY: clean
clean:
	rm -rf certdata.so $(OBJS) $(OBJS:.o=.bc) $(EXTRA_CLEAN) results regression.diffs regression.out

endif

# ---- from nothing: each of these installs what it lacks first ------------------
.PHONY: help deps demo test check-core fuzz bench bench-growth bench-large bench-preload lint indent
help:
	@script/help.sh

deps:
	@script/deps.sh build server pgtap fuzz lint
	@script/deps.sh --optional faketime || true

demo:
	@script/demo.sh

test:
	@script/test.sh $(PARTS)

check-core:
	@script/check_core.sh

fuzz:
	@script/fuzz.sh -s $(or $(FUZZ_SECONDS),600) $(TARGETS)

bench:
	@test/bench/run.sh

bench-growth:
	@test/bench/run.sh growth

bench-large:
	@test/bench/run.sh large

bench-preload:
	@test/bench/preload.sh

lint:
	@script/lint.sh

indent:
	@script/indent.sh --write
