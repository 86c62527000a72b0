-- The language of messages.  The setting is known only when the library is loaded.

CREATE FUNCTION certdata.words(zh text, en text) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN current_setting('certdata.language', true) = 'zh'
		OR COALESCE(current_setting('certdata.language', true), 'auto') = 'auto' AND current_setting('lc_messages') LIKE 'zh%'
		THEN zh ELSE en END
$$;
COMMENT ON FUNCTION certdata.words(text, text) IS
'the one of two texts that is in the language of certdata.language';
