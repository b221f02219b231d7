package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"reflect"
	"strings"
)

// maxFile bounds a NAME_FILE in bytes: no setting is nearly as long, and the
// name may be /dev/zero.
const maxFile = 64 << 10

// gather returns the value of each setting by its environment name, from the
// flag, the variable or the file.
func (s *Settings) gather() (map[string]string, Problems) {
	values, problems := map[string]string{}, Problems(nil)
	fields := reflect.ValueOf(s).Elem()
	for i := range fields.NumField() {
		env, ok := fields.Type().Field(i).Tag.Lookup("env")
		if !ok {
			continue
		}
		value, err := fromFile(env, words(fields.Field(i)))
		if err != nil {
			problems = append(problems, Problem{Setting: env + "_FILE", Text: err.Error()})
		}
		values[env] = value
	}
	return values, problems
}

func words(field reflect.Value) string {
	if secret, ok := field.Interface().(Secret); ok {
		return secret.Reveal()
	}
	return field.String()
}

// fromFile returns given, or if that is empty what the file that NAME_FILE names
// holds, less one newline at its end.
func fromFile(env, given string) (string, error) {
	path := os.Getenv(env + "_FILE")
	switch {
	case path == "":
		return given, nil
	case os.Getenv(env) != "":
		return given, fmt.Errorf("%s is set too; keep one of the two", env)
	case given != "":
		return given, nil
	}
	content, err := readSmall(path)
	if err != nil {
		return "", err
	}
	value := strings.TrimSuffix(strings.TrimSuffix(content, "\n"), "\r")
	if value == "" {
		return "", errors.New("the file is empty; put the value in it, or unset this")
	}
	return value, nil
}

// readSmall reads a file, and on failure says why without its name, for people
// put the secret itself where its file's name belongs.
func readSmall(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", unreadable(err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return "", unreadable(err)
	}
	if len(content) > maxFile {
		return "", errors.New("the file is larger than 64 KiB; name a file that holds the value alone")
	}
	return string(content), nil
}

func unreadable(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		err = at.Err
	}
	return fmt.Errorf("the file cannot be read (%w); name a file that this user may read", err)
}
