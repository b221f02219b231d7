package assets

import "strings"

// A quality is a weight of RFC 9110, section 12.4.2, in thousandths. unlisted
// marks a coding the client did not name.
type quality int

const unlisted quality = -1

// Encoded picks the form to send to a client with the given Accept-Encoding field, and
// returns it with its Content-Encoding: see Coding.
func (f File) Encoded(acceptEncoding string) (body []byte, encoding string) {
	switch encoding = Coding(acceptEncoding); {
	case encoding == "br" && f.Brotli != nil:
		return f.Brotli, encoding
	case encoding != "" && f.Gzip != nil:
		return f.Gzip, "gzip"
	}
	return f.Identity, ""
}

// Coding picks the coding of an answer to a client with the given Accept-Encoding field,
// by RFC 9110, section 12.5.3: "br", "gzip", or "" for the content as it is.
//
// The client's highest weight wins; between equals the smallest form does. A
// client that accepts none of them gets the content as it is: the RFC
// leaves the choice between that and a 406, which helps nobody. The answer
// depends on the field, so it needs "Vary: Accept-Encoding".
func Coding(acceptEncoding string) (coding string) {
	br, gz, identity := weigh(acceptEncoding)
	best := max(identity, 0)
	if gz > 0 && gz >= best {
		coding, best = "gzip", gz
	}
	if br > 0 && br >= best {
		coding = "br"
	}
	return coding
}

// weigh reads an Accept-Encoding field. A coding that is not listed takes the
// weight of "*"; without a "*" it is refused, and only identity remains, as the
// last resort. Members that do not parse are skipped.
func weigh(field string) (br, gz, identity quality) {
	br, gz, identity = unlisted, unlisted, unlisted
	rest := unlisted
	for member := range strings.SplitSeq(field, ",") {
		coding, q, ok := parseMember(member)
		switch {
		case !ok:
		case strings.EqualFold(coding, "br"):
			br = q
		case strings.EqualFold(coding, "gzip"), strings.EqualFold(coding, "x-gzip"):
			gz = q
		case strings.EqualFold(coding, "identity"):
			identity = q
		case coding == "*":
			rest = q
		}
	}
	for _, q := range []*quality{&br, &gz, &identity} {
		if *q == unlisted {
			*q = rest
		}
	}
	return br, gz, identity
}

// parseMember reads one "coding" or "coding;q=0.5".
func parseMember(member string) (coding string, q quality, ok bool) {
	coding, params, weighted := strings.Cut(member, ";")
	coding = strings.Trim(coding, " \t")
	if !weighted {
		return coding, 1000, coding != ""
	}
	name, value, _ := strings.Cut(strings.Trim(params, " \t"), "=")
	if !strings.EqualFold(name, "q") {
		return "", 0, false
	}
	q, ok = parseQuality(value)
	return coding, q, ok
}

// parseQuality reads a qvalue: 0 or 1 and at most three decimals. strconv would
// also take "inf", "1e-3" and "0x1p-2".
func parseQuality(s string) (q quality, ok bool) {
	whole, decimals, dotted := strings.Cut(s, ".")
	if whole != "0" && whole != "1" || dotted && len(decimals) > 3 {
		return 0, false
	}
	q = quality(whole[0]-'0') * 1000
	for i, unit := 0, quality(100); i < len(decimals); i, unit = i+1, unit/10 {
		if decimals[i] < '0' || decimals[i] > '9' {
			return 0, false
		}
		q += quality(decimals[i]-'0') * unit
	}
	return q, q <= 1000
}
