-- What certdata.attach() has to know of a table's rows while it runs as the
-- extension's owner.

-- Rows as they lie, by the table's OID, whatever its schema was renamed to
-- meanwhile.
CREATE FUNCTION certdata.attach_rows(target regclass, number_column name, state_column name,
	OUT cert_no certdata.certno, OUT no_number boolean, OUT state text) RETURNS SETOF record
	LANGUAGE c VOLATILE ROWS 100000
	AS 'MODULE_PATHNAME', 'certdata_attach_rows';
REVOKE EXECUTE ON FUNCTION certdata.attach_rows(regclass, name, name) FROM PUBLIC;
COMMENT ON FUNCTION certdata.attach_rows(regclass, name, name) IS
'the numbers of a table''s rows, without planning a query on it; with a state column: of rows in which that is not null. no_number: the number is null, not only none';

-- Words that nobody of ours has written would hide rows from the views.
CREATE FUNCTION certdata.attach_check_states(target regclass, id uuid, registry uuid, state_column name, number text) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
#variable_conflict use_variable
BEGIN
	PERFORM FROM certdata.attach_rows(target, number::name, state_column) AS t
		LEFT JOIN certdata.life AS l ON l.registry = registry AND l.attachment = id AND l.cert_no = t.cert_no
		WHERE t.state IS DISTINCT FROM CASE WHEN l.retired THEN 'retired' WHEN l.suspended THEN 'suspended' END
			AND NOT (t.state = 'withdrawn' AND t.no_number AND EXISTS (SELECT FROM certdata.withdrawn AS w WHERE w.attachment = id))
		LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'QC017',
			MESSAGE = format(certdata.words('表 %2$s 的列“%1$s”不能显示状态', 'column "%s" of table %s cannot show the state'), state_column, target),
			DETAIL = certdata.words('其中有不是 certdata 写入的值。', 'It has values that do not come from certdata.'),
			HINT = format(certdata.words('执行 UPDATE %s SET %I = NULL；或者换用别的列。', 'UPDATE %s SET %I = NULL; or use another column.'), target, state_column);
	END IF;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.attach_check_states(regclass, uuid, uuid, name, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.attach_check_states(regclass, uuid, uuid, name, text) IS
'refuses a state column that holds other words than the certificates'' states (QC017)';

-- Every number of a table that joins a register, unless another table has it.
CREATE FUNCTION certdata.register_numbers(target regclass, id uuid, registry uuid, number text) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
#variable_conflict use_variable
DECLARE
	clash record;
BEGIN
	SELECT l.cert_no, a.relation INTO clash FROM certdata.attach_rows(target, number::name, NULL) AS t
		JOIN certdata.life AS l ON l.registry = registry AND l.cert_no = t.cert_no AND (l.attachment <> id OR l.reserved)
		LEFT JOIN certdata.attachment AS a ON a.id = l.attachment ORDER BY l.cert_no LIMIT 1;
	IF clash.cert_no IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'unique_violation',
			MESSAGE = format(certdata.words('表 %2$s 的证书编号 %1$s 在其登记册中已被使用',
				'certificate number %s of table %s is taken in its register'), clash.cert_no, target),
			DETAIL = format(certdata.words('表 %s 正在使用或曾经使用它。', 'Table %s has it, or had it.'), clash.relation),
			HINT = certdata.words('在同一登记册的各表中，一个编号只属于一本证书。', 'A number belongs to one certificate in all tables of a register.');
	END IF;
	INSERT INTO certdata.life (registry, cert_no, attachment)
		SELECT registry, t.cert_no, id FROM certdata.attach_rows(target, number::name, NULL) AS t
		WHERE t.cert_no IS NOT NULL ORDER BY t.cert_no ON CONFLICT DO NOTHING;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.register_numbers(regclass, uuid, uuid, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.register_numbers(regclass, uuid, uuid, text) IS
'notes the numbers of a table that joins a register; 23505 if another table of it has one of them';
