#!/bin/sh
# Installs what the tests need and this machine lacks, through its package manager; with
# arguments, programs of those names instead.
set -eu
PATH="$PATH:/usr/sbin" # where servers are

# present_postgres looks where the blog itself looks.
present_postgres() {
	command -v initdb >/dev/null 2>&1 && return 0
	for programs in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin; do
		[ -x "$programs/initdb" ] && return 0
	done
	return 1
}

present_chromium() {
	[ -n "${CHROME:-}" ] && return 0
	for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do
		command -v "$name" >/dev/null 2>&1 && return 0
	done
	[ -d "/Applications/Google Chrome.app" ]
}

# present_module asks the system's own Python first: another may stand before it in PATH.
present_module() {
	for python in /usr/bin/python3 python3; do
		"$python" -c "import $1" >/dev/null 2>&1 && return 0
	done
	return 1
}

lacks_for_tests() {
	present_postgres || missing="$missing postgresql"
	present_chromium || missing="$missing chromium"
	for name in aiosmtpd feedparser; do
		present_module "$name" || missing="$missing $name"
	done
	for name in java npm curl jing newsboat; do
		command -v "$name" >/dev/null 2>&1 || missing="$missing $name"
	done
}

missing=""
if [ $# -gt 0 ]; then
	for name in "$@"; do
		command -v "$name" >/dev/null 2>&1 || missing="$missing $name"
	done
else
	lacks_for_tests
fi
[ -z "$missing" ] && exit 0
echo "Missing:$missing"

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
		sudo "$@"
	else
		echo "Run this as an administrator, then try again: $*" >&2
		exit 1
	fi
}

# named prints the missing packages by the names of one package manager.
named() {
	for package in $missing; do
		case $1:$package in
			apt:aiosmtpd | dnf:aiosmtpd | apt:feedparser | dnf:feedparser) echo "python3-$package" ;;
			brew:aiosmtpd | brew:feedparser) ;; # of Python's packages, see below
			brew:jing) echo jing-trang ;;
			apt:nginx) echo nginx-light ;;
			apt:java) echo default-jre-headless ;;
			dnf:postgresql) echo postgresql-server ;;
			dnf:java) echo java-21-openjdk-headless ;;
			brew:java) echo openjdk ;;
			brew:npm) echo node ;;
			*) echo "$package" ;;
		esac
	done
}

# install_at_rest installs packages and starts no service, now or with the system: tests and bench run servers of
# their own.
install_at_rest='
	set -eu
	policy=/usr/sbin/policy-rc.d
	if [ ! -e "$policy" ]; then
		trap "rm -f $policy" EXIT
		printf "#!/bin/sh\nexit 101\n" >"$policy"
		chmod +x "$policy"
	fi
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
	for package in "$@"; do
		case $package:$(command -v systemctl) in
			nginx-light:/*) systemctl disable nginx ;;
		esac
	done
'

if command -v apt-get >/dev/null 2>&1; then
	as_root apt-get update -qq
	as_root sh -c "$install_at_rest" install $(named apt)
elif command -v dnf >/dev/null 2>&1; then
	as_root dnf install -y $(named dnf)
elif command -v brew >/dev/null 2>&1; then
	[ -z "$(named brew)" ] || brew install $(named brew)
	for name in aiosmtpd feedparser; do
		[ $# -gt 0 ] || present_module "$name" || python3 -m pip install --user --break-system-packages "$name"
	done
else
	echo "Install these with your package manager, then try again:$missing" >&2
	exit 1
fi
