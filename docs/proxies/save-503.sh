#!/bin/sh
# Keeps a copy of the page that stands in for a portal that is down, for the case that the notice server is down as well.
#
#     save-503.sh https://notices.example/p/musterstadt/503.html /var/lib/umleitung-copy
#
# Run it every few minutes. It writes 503.html, and 503.http (the same with a head, as HAProxy wants it). What cannot be fetched, or
# is not that page, leaves the copy as it is and ends with an error.
set -eu

page=$1
folder=$2

new=$(mktemp "$folder/.503.XXXXXX")
trap 'rm -f "$new" "$new.http"' EXIT

# The page is answered with status 503, as it will be shown; so curl must not take that for a failure.
status=$(curl --silent --show-error --max-time 20 --output "$new" --write-out '%{http_code}' "$page")

# Somebody else's 503 is not it: the page names the portal's status page and is whole.
portal=${page%/503.html}
portal=/p/${portal##*/}/
if [ "$status" != 503 ] || ! grep -qF "$portal" "$new" || ! grep -qF '</html>' "$new"; then
    echo "save-503.sh: $page answered $status, and not with the page; the copy stays as it is" >&2
    exit 1
fi

{
    printf 'HTTP/1.1 503 Service Unavailable\r\n'
    printf 'Content-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n' "$(wc -c <"$new")"
    printf 'Retry-After: 120\r\nCache-Control: no-store\r\n\r\n'
    cat "$new"
} >"$new.http"

# Only the web server reads them. Renamed in one go: nobody ever gets half a page.
chmod 644 "$new" "$new.http"
mv -f "$new" "$folder/503.html"
mv -f "$new.http" "$folder/503.http"
