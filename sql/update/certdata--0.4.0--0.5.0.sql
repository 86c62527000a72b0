-- From 0.4.0: what a preloaded library refuses, and what a doctor sees.

\include sql/install/36_protect.sql
\include sql/install/50_apply.sql
