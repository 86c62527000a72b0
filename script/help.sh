#!/bin/sh
# What "make help" prints.
cat <<'END'
certdata: the rules of skill-certificate data inside PostgreSQL

From nothing (each installs with apt what this machine lacks, through sudo when
not root, says so, and leaves nothing running or lying about):
  make demo         build, start a throw-away server, check a faulty report file
                    and load its good rows; KEEP=1 leaves the server up and says
                    how to reach and how to stop it; REPORT=FILE checks your file
  make test         all tests; last line "N passed, N failed"
                    PARTS="unit fuzz regress isolation tap server" runs only those
  make check-core   PostgreSQL's own regression and isolation tests, with the library
                    preloaded and a table protected; gets them with apt (5 minutes)
  make fuzz         fuzz the pure C rules longer: FUZZ_SECONDS=600 each,
                    TARGETS="name ..." only those
  make bench        measure against plain PostgreSQL (QUICK=1: in about a minute)
  make bench-growth what a row costs at 10,000, 100,000 and 1,000,000 rows
                    (ROWS_MAX=10000000), and inserts of 1, 2 and 8 clients
  make bench-large  10,000,000 rows: prefix search, seal, proof, verification
                    (says first how much disk it needs while it runs)
  make bench-preload  what preloading costs those who use nothing of it (pgbench)
  make lint         warnings as errors, own symbols only, format, file sizes
  make deps         only install what the others need

With PostgreSQL's server headers at hand (PGXS; PG_CONFIG=... picks the server):
  make              build the library, its install script, certdata-check, certdata-verify
  make install      install them (DESTDIR=... into a staging directory)
  make installcheck run the SQL tests in a running server that has it installed
  make uninstall, make clean
  make indent       put the C sources into PostgreSQL's format (pg_bsd_indent)
END
