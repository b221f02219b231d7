package account

import "strings"

// BrowserWords says in words which browser on which system a User-Agent names, such as
// "Firefox on Linux"; "" when it names none that is known. Only these words are kept.
func BrowserWords(userAgent string) string {
	browser, system := firstNamed(userAgent, browsers), firstNamed(userAgent, systems)
	switch {
	case browser == "" && system == "":
		return ""
	case browser == "":
		return "A browser on " + system
	case system == "":
		return browser
	}
	return browser + " on " + system
}

// naming is a word of a User-Agent and what it tells. Most browsers also name those whose
// pages they want: the first that fits is the one.
type naming struct{ word, is string }

var browsers = []naming{
	{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Vivaldi/", "Vivaldi"},
	{"FxiOS/", "Firefox"}, {"Firefox/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chromium/", "Chromium"}, {"Chrome/", "Chrome"},
	{"Safari/", "Safari"}, {"w3m/", "w3m"}, {"Lynx/", "Lynx"}, {"ELinks", "ELinks"}, {"Links ", "Links"}, {"curl/", "curl"},
}

var systems = []naming{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"CrOS", "ChromeOS"}, {"Windows", "Windows"},
	{"Mac OS X", "macOS"}, {"Macintosh", "macOS"}, {"Linux", "Linux"}, {"linux", "Linux"}, {"BSD", "BSD"},
}

func firstNamed(userAgent string, known []naming) string {
	for _, n := range known {
		if strings.Contains(userAgent, n.word) {
			return n.is
		}
	}
	return ""
}
