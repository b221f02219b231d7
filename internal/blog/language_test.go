package blog

import (
	"testing"

	"miniblog/internal/dbtest"
)

func TestEveryLanguageIsSearchedByAConfigurationThatPostgreSQLHas(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	for language := range searchConfigs {
		config := searchConfig(language)
		if !dbtest.One[bool](t, store, "SELECT EXISTS (SELECT FROM pg_ts_config WHERE cfgname = $1)", config) {
			t.Errorf("%s is searched as %s, which is not there", language, config)
		}
	}
	for language, want := range map[string]string{"en-GB": "english", "DE": "german", "pt-BR": "portuguese", "ja": "simple", "gsw": "simple", "": "simple"} {
		if got := searchConfig(language); got != want {
			t.Errorf("%q is searched as %s, want %s", language, got, want)
		}
	}
}
