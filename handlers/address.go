package handlers

import (
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"miniblog/internal/account"
)

// client is who sent the request.
func (s *Server) client(c *fiber.Ctx) account.Client {
	return account.Client{
		Address: s.clientAddress(c), Session: s.sessionToken(c), Device: s.deviceToken(c), Browser: account.BrowserWords(c.Get(fiber.HeaderUserAgent)),
	}
}

// clientAddress is the right-most hop that is not a trusted proxy: each proxy adds at
// the right whom it heard from, and what stands left of the first that is not trusted is
// anybody's word. The header of a peer that is not trusted is not read at all.
func (s *Server) clientAddress(c *fiber.Ctx) netip.Addr {
	hops := forwardedFor(c)
	at := peerAddress(c.Context().RemoteAddr())
	if len(hops) > 0 && !s.trusts(at) && (at.IsLoopback() || at.IsPrivate()) {
		s.warnOfProxy(at)
	}
	for i := len(hops) - 1; i >= 0 && s.trusts(at); i-- {
		hop, ok := parseHop(hops[i])
		if !ok {
			break // the proxy that wrote it is the last of whom anything is known
		}
		at = hop
	}
	return at
}

// warnOfProxy says once that a machine nearby may be a proxy that nobody named: then all
// its visitors count as one.
func (s *Server) warnOfProxy(at netip.Addr) {
	s.unnamedProxy.Do(func() {
		s.Log.Warn("X-Forwarded-For is ignored, so all who come this way are throttled together: if this is your proxy, name it in MINIBLOG_TRUSTED_PROXIES",
			"from", at.String())
	})
}

func (s *Server) trusts(address netip.Addr) bool {
	return slices.ContainsFunc(s.TrustedProxies, func(network netip.Prefix) bool { return network.Contains(address) })
}

// peerAddress is whom the connection is with. Whoever may use a Unix socket is a program
// of this machine, so it is as far away as 127.0.0.1.
func peerAddress(peer net.Addr) netip.Addr {
	switch peer := peer.(type) {
	case *net.TCPAddr:
		return unmapped(peer.AddrPort().Addr())
	case *net.UnixAddr:
		return netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	return netip.Addr{}
}

// forwardedFor lists the hops of all X-Forwarded-For lines, which are one list (RFC 9110, 5.3).
func forwardedFor(c *fiber.Ctx) (hops []string) {
	for _, line := range c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		for hop := range strings.SplitSeq(string(line), ",") {
			if hop = strings.Trim(hop, " \t"); hop != "" {
				hops = append(hops, hop)
			}
		}
	}
	return hops
}

// parseHop reads an address as proxies write it: some add the port, and some brackets.
func parseHop(hop string) (netip.Addr, bool) {
	if withPort, err := netip.ParseAddrPort(hop); err == nil {
		return unmapped(withPort.Addr()), true
	}
	if inner, ok := strings.CutPrefix(hop, "["); ok {
		if hop, ok = strings.CutSuffix(inner, "]"); !ok {
			return netip.Addr{}, false
		}
	}
	address, err := netip.ParseAddr(hop)
	return unmapped(address), err == nil
}

// unmapped is an address in its one form: IPv4 as IPv4, and no zone, which is a name of
// this machine's own.
func unmapped(address netip.Addr) netip.Addr { return address.Unmap().WithZone("") }
