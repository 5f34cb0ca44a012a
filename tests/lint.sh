#!/bin/sh
#
# lint.sh: the house rules that no compiler knows.
set -u
cd "$1" || exit

complain() {	# complain SENTENCE: the lines on standard input, if any
	found=$(cat)
	[ -z "$found" ] || printf '%s\n%s\n' "$1" "$found"
}
code() {	# code PATTERN PATH...
	grep -rnE --include='*.c' --include='*.h' "$@"
}

rules() {
code '\b(sprintf|vsprintf|strcpy|strcat|strtok|gets|atoi|atol|atoll|alloca)\(' \
	lib cgi-bin tools | complain 'Banned functions:'
code '\b(malloc|calloc|realloc|free)\(' lib cgi-bin tools |
	grep -v '^lib/base/pool.c:\|^lib/data/db.c:' |
	complain 'Memory comes from a pool:'
code '\bgoto\b' lib cgi-bin tools | complain 'No goto:'
code '\bmemcmp\(|strcmp\([^)]*(hash|mac|key|token|secret)' lib/trust lib/web/access.c |
	grep -v 'crypto_equal' | complain 'Secrets are compared by crypto_equal():'
code '"[^"]*\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b[^"]* ' cgi-bin lib tools |
	grep -v '^lib/data/db.c:' | complain 'SQL belongs into sql/*.sql:'

# Layout, where no formatter would do it as we do.
find lib cgi-bin tools -name '*.[ch]' -exec perl -CSD -ne '
	$l = $_; 1 while s/\t/" " x (8 - $-[0] % 8)/e;
	print "$ARGV:$.:$l" if length > 81 && !m{https?://};
	close ARGV if eof' {} + | complain 'At most 80 columns:'
find lib cgi-bin tools tests -name '*.[ch]' -exec grep -nE \
	'[[:blank:]]$|^ {8}|^\s*//|\b(if|for|while|switch)\(|\b(if|for|while|switch) .*\)\{|\}else|else\{' {} + |
	complain 'Tabs, blanks and braces as in K&R:'
find lib cgi-bin tools tests -name '*.c' -exec perl -0777 -ne '
	print "$ARGV: $1\n" while /^((?:static |const |enum |struct )*\w+ \**\w+\([^;{]*\))\n\{/mg' {} + |
	grep -v '^tests/.*: main(' | complain "A function's type has a line of its own:"

# Each foreign library is included in one file.
one() {		# one HEADER FILE...
	header=$1
	shift
	code "#include <$header" lib cgi-bin tools | cut -d: -f1 | sort -u |
		grep -vxF "$(printf '%s\n' "$@")" |
		complain "<$header> belongs into $* only:"
}
one libpq-fe.h lib/data/private.h
one openssl/ lib/trust/crypto.c
one crypt.h lib/trust/password.c
one fcgiapp.h lib/web/serve.c
one json-c/ lib/base/json.c
one curl/ lib/out/http.c
one qrencode.h lib/paper/qr.c
one csv.h lib/base/csv_read.c
one iconv.h lib/base/charset.c
one 'cairo' lib/paper/pdf.c
one 'pango/' lib/paper/pdf.c
one xlsxwriter.h lib/paper/xlsx.c

# A lower room knows nothing of a higher one.
floor() {	# floor ROOM FORBIDDEN
	code "#include \"($2)/" "lib/$1" | complain "lib/$1 must not know $2:"
}
floor base 'bot|data|trust|work|web|out|paper'
floor data 'bot|trust|work|web|out|paper'
floor paper 'bot|data|trust|work|web|out'
floor trust 'bot|work|web|out|paper'
floor work 'bot|trust|web|out|paper'
floor web 'bot|out|paper'
floor out 'bot|data|trust|work|web|paper'

# What an installation may have applied stays as it was.
(cd sql/migrations && sha256sum [0-9]*.sql) | grep -vxFf sql/migrations/sums |
	complain 'Not the text that sql/migrations/sums knows:'

# Every page works under the strict policy.
grep -rnE --include='*.html' '<script>|<script [^>]*>[^<]|<style|[^-]style="| on[a-z]+="' static |
	complain 'No inline scripts or styles:'
grep -rnE --include='*.html' --include='*.js' --include='*.css' \
	"(src|href|url\\(|from |import)[=( ]*[\"']?https?://" static |
	grep -v '^static/vendor/' | complain 'Nothing comes from another host:'
}

found=$(rules)
[ -z "$found" ] || { printf '%s\n' "$found" && exit 1; }
