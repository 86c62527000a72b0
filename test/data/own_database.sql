-- For tests that need a ledger of their own: the database :database, with
-- certdata and a schema t that everyone may use, and a session in it.
SET client_min_messages = warning;
CREATE DATABASE :database TEMPLATE template0;
\c :database
SET client_min_messages = warning;
CREATE EXTENSION certdata;
CREATE SCHEMA t;
GRANT USAGE ON SCHEMA t TO PUBLIC;
SET search_path = t;
SET certdata.language = en;
