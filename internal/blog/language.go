package blog

import "strings"

// english is the language of a blog that names none, as PostgreSQL names it.
const english = "english"

// searchConfigs are the text search configurations that PostgreSQL has since version 15,
// by the language (ISO 639) that each is for.
var searchConfigs = map[string]string{
	"ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "da": "danish", "nl": "dutch", "en": english,
	"fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi", "hu": "hungarian", "id": "indonesian",
	"ga": "irish", "it": "italian", "lt": "lithuanian", "ne": "nepali", "no": "norwegian", "nb": "norwegian",
	"nn": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "es": "spanish",
	"sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}

// searchConfig is how PostgreSQL searches texts in a language (BCP 47): by the stems of its
// words, or where it does not know them by the words as they are.
func searchConfig(language string) string {
	primary, _, _ := strings.Cut(language, "-")
	if config, ok := searchConfigs[strings.ToLower(primary)]; ok {
		return config
	}
	return "simple"
}
