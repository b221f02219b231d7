package flask

import (
	"math"
	"testing"
	"time"
)

func TestATimeIsReadHoweverPythonAndSQLiteWriteIt(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	const known = "2021-05-06T07:08:09Z"
	for written, want := range map[any]string{
		"2021-05-06 07:08:09":           known,
		" 2021-05-06 07:08:09\n":        known,
		"2021-05-06T07:08:09":           known,
		"2021-05-06T07:08:09Z":          known,
		"2021-05-06 07:08:09+00:00":     known,
		"2021-05-06T09:08:09+02:00":     known,
		"2021-05-06 07:08:09.123456":    "2021-05-06T07:08:09.123456Z",
		"2021-05-06 07:08:09.123456789": "2021-05-06T07:08:09.123456Z",
		"2021-05-06 07:08":              "2021-05-06T07:08:00Z",
		"2021-05-06":                    "2021-05-06T00:00:00Z",
		"Thu, 06 May 2021 07:08:09 GMT": known,
		"May 6, 2021":                   "2021-05-06T00:00:00Z",
		"06 May 2021":                   "2021-05-06T00:00:00Z",
		int64(1620284889):               known,
		int64(1620284889000):            known,
		1620284889.5:                    "2021-05-06T07:08:09.5Z",
		"":                              "",
		"yesterday":                     "",
		"2021-02-30":                    "",
		"06/05/2021":                    "", // May or June
		"9999-12-31":                    "",
		"1970-01-01 00:00:00":           "",
		"2026-01-01 00:00:01":           "", // to come
		int64(0):                        "",
		int64(math.MaxInt64):            "",
		int64(math.MinInt64):            "",
		math.Inf(1):                     "",
		math.NaN():                      "",
		nil:                             "",
	} {
		at, ok := readTime(value{kind: "any", data: written}, now)
		if got := at.Format(time.RFC3339Nano); ok != (want != "") || ok && got != want {
			t.Errorf("%v is %s, %v", written, got, ok)
		}
	}
}

func FuzzReadTime(f *testing.F) {
	f.Add("2021-05-06 07:08:09.5+02:00")
	f.Add("2021-05-06T")
	now := time.Now()
	f.Fuzz(func(t *testing.T, written string) {
		if at, ok := readTime(value{kind: "text", data: written}, now); ok && (at.Before(oldest) || at.After(now)) {
			t.Errorf("%q is %s", written, at)
		}
	})
}
