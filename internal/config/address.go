package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
)

// maxSocketPath is what sun_path holds before its closing NUL on Linux, in bytes.
const maxSocketPath = 107

func parseAddr(v string) (Addr, error) {
	if strings.HasPrefix(v, "/") {
		if len(v) > maxSocketPath || strings.ContainsRune(v, 0) {
			return Addr{}, fmt.Errorf("the socket's path is too long; use at most %d bytes", maxSocketPath)
		}
		return Addr{"unix", filepath.Clean(v)}, nil
	}
	host, port, err := net.SplitHostPort(v)
	if _, ok := portNumber(port); err != nil || (!ok && port != "0") || !hostOrIP(host, true) {
		return Addr{}, errors.New("this is not a listen address; write one such as 127.0.0.1:8080, :8080 or /run/miniblog.sock")
	}
	return Addr{"tcp", v}, nil
}

// parseURL returns the origin as browsers write it in the Origin header: lower
// case, without the scheme's own port (Fetch standard, "serializing an origin").
func parseURL(v string) (*url.URL, error) {
	u, err := url.Parse(v)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Opaque != "" {
		return nil, errors.New("this is not a web address; write one such as https://blog.example.org")
	}
	if u.User != nil || strings.ContainsAny(v, "?#") || (u.Path != "" && u.Path != "/") {
		return nil, errors.New("only scheme, host and port belong here: the blog is served from /; write an address such as https://blog.example.org")
	}
	host := strings.ToLower(u.Hostname())
	if !hostOrIP(host, false) {
		return nil, errors.New("the host is not a name or an address; write one such as blog.example.org, with xn-- for names that are not ASCII")
	}
	if u.Port() == "" && strings.HasSuffix(u.Host, ":") {
		return nil, errors.New("there is a colon but no port; write the port or leave the colon out")
	}
	if u.Port() == "" || u.Port() == map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		return &url.URL{Scheme: u.Scheme, Host: bracketed(host)}, nil
	}
	port, ok := portNumber(u.Port())
	if !ok {
		return nil, errors.New("the port is not a number from 1 to 65535; write one or leave it out")
	}
	return &url.URL{Scheme: u.Scheme, Host: bracketed(host) + ":" + strconv.Itoa(int(port))}, nil
}

func parseSMTP(v string) (*SMTP, error) {
	u, err := url.Parse(v)
	if err != nil || (u.Scheme != "smtp" && u.Scheme != "smtps") || u.Opaque != "" {
		return nil, errors.New("this is not a mail server's address; write smtp://user:password@host:587 or smtps://user:password@host:465, with %XX for special characters in the password")
	}
	if strings.ContainsAny(v, "?#") || (u.Path != "" && u.Path != "/") || !hostOrIP(u.Hostname(), false) {
		return nil, errors.New("only user, password, host and port belong here; write %XX for special characters in the password, such as %2F for /")
	}
	server := &SMTP{Host: u.Hostname(), Port: 587, TLS: u.Scheme == "smtps", Username: u.User.Username()}
	if server.TLS {
		server.Port = 465
	}
	password, _ := u.User.Password()
	server.Password = NewSecret(password)
	if (server.Username == "") != (password == "") {
		return nil, errors.New("give both a user and a password, or neither")
	}
	if port := u.Port(); port != "" {
		var ok bool
		if server.Port, ok = portNumber(port); !ok {
			return nil, errors.New("the port is not a number from 1 to 65535; write one, such as 587")
		}
	}
	return server, nil
}

// parseProxies refuses a network that is the whole Internet: everybody could
// then claim to be anybody, and the login throttle would count for nothing.
func parseProxies(v string) ([]netip.Prefix, error) {
	if v == "none" {
		return nil, nil
	}
	var proxies []netip.Prefix
	for i, entry := range strings.Split(v, ",") {
		prefix, ok := network(strings.TrimSpace(entry))
		if !ok {
			return nil, fmt.Errorf("entry %d is not an address or a network; write a list such as 10.0.0.1,192.168.0.0/16, or none", i+1)
		}
		if prefix.Bits() == 0 {
			return nil, fmt.Errorf("entry %d trusts everybody, so that anyone could claim any address; name the proxy's own network", i+1)
		}
		proxies = append(proxies, prefix)
	}
	return proxies, nil
}

func network(s string) (netip.Prefix, bool) {
	if prefix, err := netip.ParsePrefix(s); err == nil {
		return prefix.Masked(), !prefix.Addr().Is4In6()
	}
	addr, err := netip.ParseAddr(s)
	if err != nil || addr.Zone() != "" {
		return netip.Prefix{}, false
	}
	addr = addr.Unmap() // the peer's address is compared unmapped
	return netip.PrefixFrom(addr, addr.BitLen()), true
}

// portNumber reads a port from 1 to 65535.
func portNumber(s string) (uint16, bool) {
	n, err := strconv.ParseUint(s, 10, 16)
	return uint16(n), err == nil && n > 0
}

// hostOrIP reports whether s can be an ASCII host name or an IP address.
func hostOrIP(s string, empty bool) bool {
	if s == "" {
		return empty
	}
	if addr, err := netip.ParseAddr(s); err == nil {
		return addr.Zone() == "" || empty
	}
	return len(s) <= 253 && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789-._") == "" &&
		!strings.HasPrefix(s, ".") && !strings.Contains(s, "..")
}

// bracketed writes an IP address as a browser does.
func bracketed(host string) string {
	if addr, err := netip.ParseAddr(host); err == nil && addr.Is6() {
		return "[" + addr.String() + "]"
	}
	return host
}
