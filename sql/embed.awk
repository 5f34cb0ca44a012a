# Turn a file of named SQL statements into C: one typed function each.
#
#	awk -f embed.awk -v out=h events.sql >events.sql.h
#	awk -f embed.awk -v out=c events.sql >events.sql.c
#	awk -f embed.awk -v out=check events.sql | psql ...
#
# A statement starts with a line "-- name(param type, ...) one|many|none|csv"
# and ends before the next.  ":param" in its text becomes "$n::type"; "type?"
# says that NULL is allowed.  Of a csv the lines go to a callback.

BEGIN {
	ctype["bool"] = "bool"
	ctype["int4"] = "int32_t"
	ctype["int8"] = ctype["timestamptz"] = "int64_t"
	ctype["float8"] = "double"
	ctype["text"] = "const char *"
	ctype["bytea"] = "struct bytes"
}

FNR == 1 {
	group = FILENAME; sub(/.*\//, "", group)
	if (out == "check")
		print "-- Generated from " group " by embed.awk."
	else
		print "/* Generated from " group " by embed.awk. */"
	if (out == "h")
		print "#include \"data/db.h\""
	if (out == "c")
		print "#include \"" group ".h\""
}
/^-- [a-z_0-9]+\(.*\) (one|many|none|csv)$/ {
	flush_statement()
	line = FNR
	name = $2; sub(/\(.*/, "", name)
	kind = $NF
	list = $0; sub(/^[^(]*\(/, "", list); sub(/\)[^)]*$/, "", list)
	n = split(list, params, /, */)
	proto = args = types = ""
	for (i = 1; i <= n; i++) {
		split(params[i], p, " ")
		sub(/\?$/, "", p[2])
		if (!(p[2] in ctype))
			die("unknown type " p[2])
		param[i] = p[1]
		type[i] = p[2]
		types = types (i > 1 ? ", " : "") p[2]
		proto = proto ", " ctype[p[2]] (ctype[p[2]] ~ /\*$/ ? "" : " ") p[1]
		args = args "arg_" p[2] "(db, " p[1] "), "
	}
	next
}
/^[ \t]*--/	{ next }
name != ""	{ text = text $0 "\n" }
END		{ if (!failed) flush_statement() }

function flush_statement(	i) {
	if (name == "")
		return
	sub(/[ \t\n;]+$/, "", text)
	for (i = 1; i <= n; i++)
		text = bind(text, param[i], "$" i "::" type[i])
	if (match(text, /[^:]:[a-z_]+/))
		die("no such parameter " substr(text, RSTART + 1, RLENGTH - 1))
	if (out == "check") {
		printf "PREPARE %s%s AS\n%s;\n", name,
		    (types == "" ? "" : " (" types ")"), text
	} else if (out == "h") {
		print "\n" signature(" ") ";"
	} else {
		gsub(/\n[ \t]+/, "\n", text)
		gsub(/\\/, "&&", text); gsub(/"/, "\\\"", text)
		gsub(/\n/, "\\n\"\n\t    \"", text)
		printf "\n%s\n{\n", signature("\n")
		printf "\tstatic const struct query q = { \"%s\", %d,\n\t    \"%s\" };\n\n", name, n, text
		printf "\treturn db_%s(db, &q, (const char *[]){ %s}%s);\n}\n",
		    (kind == "csv" ? "csv" : "run"), (args == "" ? "NULL " : args),
		    (kind == "csv" ? ", line, arg" : "")
	}
	name = text = ""
}

function signature(gap) {
	if (kind == "csv")
		return "enum fault" gap "sql_" name "(struct db *db" proto \
		    ",\n    db_line *line, void *arg)"
	return "struct rows" gap "sql_" name "(struct db *db" proto ")"
}

# Replace ":p" by v, leaving "::type" and ":px" alone.
function bind(s, p, v,	head, c) {
	head = ""
	while (match(s, ":" p)) {
		c = substr(s, RSTART + RLENGTH, 1)
		if (substr(s, RSTART - 1, 1) == ":" || c ~ /[a-z0-9_]/)
			head = head substr(s, 1, RSTART + RLENGTH - 1)
		else
			head = head substr(s, 1, RSTART - 1) v
		s = substr(s, RSTART + RLENGTH)
	}
	return head s
}

function die(why) {
	printf "%s:%d: %s\n", FILENAME, line, why >"/dev/stderr"
	failed = 1
	exit 1
}
