package handlers_test

import (
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"miniblog/handlers"
)

// behind is a server that trusts those networks.
func behind(proxies ...string) *handlers.Server {
	options := handlers.Options{URL: &url.URL{Scheme: "http", Host: "localhost"}, Log: slog.New(slog.DiscardHandler)}
	for _, network := range proxies {
		options.TrustedProxies = append(options.TrustedProxies, netip.MustParsePrefix(network))
	}
	return handlers.New(options)
}

func tcp(address string) net.Addr {
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(address), 5000))
}

func TestTheClientIsTheRightmostHopThatIsNoTrustedProxy(t *testing.T) {
	t.Parallel()
	server := behind("10.0.0.0/8", "127.0.0.1/32", "fd00::/8")
	for name, c := range map[string]struct {
		peer  net.Addr
		lines []string
		want  string
	}{
		"no proxy":                         {tcp("192.0.2.9"), nil, "192.0.2.9"},
		"no proxy, but a claim":            {tcp("192.0.2.9"), []string{"198.51.100.1"}, "192.0.2.9"},
		"no proxy, but a proxy's address":  {tcp("192.0.2.9"), []string{"10.0.0.1"}, "192.0.2.9"},
		"one proxy":                        {tcp("10.0.0.1"), []string{"192.0.2.1"}, "192.0.2.1"},
		"a claim before the client":        {tcp("10.0.0.1"), []string{"198.51.100.1, 192.0.2.1"}, "192.0.2.1"},
		"a claim to be a proxy":            {tcp("10.0.0.1"), []string{"198.51.100.1, 10.9.9.9, 192.0.2.1"}, "192.0.2.1"},
		"two proxies":                      {tcp("10.0.0.1"), []string{"192.0.2.1, 10.0.0.2"}, "192.0.2.1"},
		"two proxies, two lines":           {tcp("10.0.0.1"), []string{"198.51.100.1, 192.0.2.1", "10.0.0.2"}, "192.0.2.1"},
		"the client's line and a proxy's":  {tcp("10.0.0.1"), []string{"10.0.0.2", "192.0.2.1"}, "192.0.2.1"},
		"a proxy's own request":            {tcp("10.0.0.1"), nil, "10.0.0.1"},
		"nothing but proxies":              {tcp("10.0.0.1"), []string{"10.0.0.3,10.0.0.2"}, "10.0.0.3"},
		"an empty line":                    {tcp("10.0.0.1"), []string{""}, "10.0.0.1"},
		"empty entries":                    {tcp("10.0.0.1"), []string{",, 192.0.2.1 ,\t,"}, "192.0.2.1"},
		"with a port":                      {tcp("10.0.0.1"), []string{"192.0.2.1:4711"}, "192.0.2.1"},
		"IPv6":                             {tcp("fd00::1"), []string{"2001:db8::1"}, "2001:db8::1"},
		"IPv6 in brackets":                 {tcp("fd00::1"), []string{"[2001:db8::1]"}, "2001:db8::1"},
		"IPv6 with a port":                 {tcp("fd00::1"), []string{"[2001:db8::1]:4711"}, "2001:db8::1"},
		"IPv6 with a zone":                 {tcp("fd00::1"), []string{"fe80::1%eth0"}, "fe80::1"},
		"a proxy on a link":                {tcp("fd00::1%eth0"), []string{"2001:db8::1"}, "2001:db8::1"},
		"a peer as IPv6 that is IPv4":      {tcp("::ffff:10.0.0.1"), []string{"192.0.2.1"}, "192.0.2.1"},
		"a client as IPv6 that is IPv4":    {tcp("10.0.0.1"), []string{"::ffff:192.0.2.1"}, "192.0.2.1"},
		"a proxy as IPv6 that is IPv4":     {tcp("10.0.0.1"), []string{"192.0.2.1, ::ffff:10.0.0.2"}, "192.0.2.1"},
		"a hop nobody knows":               {tcp("10.0.0.1"), []string{"198.51.100.1, unknown"}, "10.0.0.1"},
		"nobody knows, beyond two proxies": {tcp("10.0.0.1"), []string{"198.51.100.1, _hidden, 10.0.0.2"}, "10.0.0.2"},
		"markup":                           {tcp("10.0.0.1"), []string{"<script>, 192.0.2.1"}, "192.0.2.1"},
		"no address":                       {tcp("10.0.0.1"), []string{"192.0.2.256"}, "10.0.0.1"},
		"another way to write 8":           {tcp("10.0.0.1"), []string{"192.0.2.010"}, "10.0.0.1"},
		"a network":                        {tcp("10.0.0.1"), []string{"192.0.2.0/24"}, "10.0.0.1"},
		"a quoted one":                     {tcp("10.0.0.1"), []string{`"192.0.2.1"`}, "10.0.0.1"},
		"half a bracket":                   {tcp("10.0.0.1"), []string{"[2001:db8::1"}, "10.0.0.1"},
		"NUL":                              {tcp("10.0.0.1"), []string{"192.0.2.1\x00"}, "10.0.0.1"},
		"very many":                        {tcp("10.0.0.1"), []string{strings.Repeat("10.0.0.2,", 1000)}, "10.0.0.2"},
		"a Unix socket":                    {&net.UnixAddr{Net: "unix"}, []string{"192.0.2.1"}, "192.0.2.1"},
		"a Unix socket without a header":   {&net.UnixAddr{Net: "unix"}, nil, "127.0.0.1"},
	} {
		if got := server.ClientAddress(c.peer, c.lines...).String(); got != c.want {
			t.Errorf("%s: %s through %q is %s, want %s", name, c.peer, c.lines, got, c.want)
		}
	}
	for name, peer := range map[string]net.Addr{"127.0.0.1": &net.UnixAddr{Net: "unix"}, "10.0.0.1": tcp("10.0.0.1")} {
		if got := behind().ClientAddress(peer, "192.0.2.1").String(); got != name {
			t.Errorf("no proxy is trusted, and %s is %s", name, got)
		}
	}
}

func TestAProxyThatNobodyNamedIsWarnedOfOnce(t *testing.T) {
	t.Parallel()
	var log journal
	s := newSite(t, log.to)
	s.visitor(t).post("/login", login("ada", wrong))
	if found := log.entries(t, "from"); len(found) != 0 {
		t.Errorf("nobody forwards, and it says %v", found)
	}
	for range 2 {
		s.visitor(t).from("192.0.2.1").post("/login", login("ada", wrong))
	}
	if found := log.entries(t, "from"); len(found) != 1 || found[0]["from"] != "127.0.0.1" || strings.Contains(log.text(), "192.0.2.1") {
		t.Errorf("it says %v", found)
	}
}

func FuzzClientAddress(f *testing.F) {
	for _, line := range []string{"", "192.0.2.1", "198.51.100.1, 10.0.0.2", "[2001:db8::1]:80,", "fe80::1%eth0", "unknown, ::ffff:10.0.0.1"} {
		f.Add(line)
	}
	server := behind("10.0.0.0/8")
	f.Fuzz(func(t *testing.T, line string) {
		if got := server.ClientAddress(tcp("192.0.2.9"), line); got.String() != "192.0.2.9" {
			t.Errorf("a stranger passes for %s", got)
		}
		if got := server.ClientAddress(tcp("10.0.0.1"), line); !got.IsValid() || got.Zone() != "" || got.Is4In6() {
			t.Errorf("%q is read as %s", line, got)
		}
		if got := server.ClientAddress(tcp("10.0.0.1"), line, "192.0.2.1"); got.String() != "192.0.2.1" {
			t.Errorf("what a stranger claims before %q makes it %s", line, got)
		}
	})
}
