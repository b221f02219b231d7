package house_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestTheComposeFileIsValid asks Docker's own client where it is installed. Where
// it is not, the file's promises are checked as text: the test never passes unseen.
func TestTheComposeFileIsValid(t *testing.T) {
	t.Parallel()
	const root = "../.."
	text, err := os.ReadFile(root + "/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, promise := range []string{"postgres:18", "DATABASE_URL_FILE", "POSTGRES_PASSWORD_FILE", "service_healthy", "127.0.0.1:8080:8080"} {
		if !strings.Contains(string(text), promise) {
			t.Errorf("compose.yaml lost %q", promise)
		}
	}
	if exec.Command("docker", "compose", "version").Run() != nil {
		t.Log("docker compose is not installed: the file was read as text only")
		return
	}
	config := exec.Command("docker", "compose", "config", "--quiet")
	config.Dir = root
	if output, err := config.CombinedOutput(); err != nil {
		t.Errorf("docker compose config: %v\n%s", err, output)
	}
}

func TestTheImageHoldsTheProgramAlone(t *testing.T) {
	t.Parallel()
	_, last, _ := strings.Cut(document(t, "Dockerfile"), "\nFROM scratch\n")
	var copied []string
	for line := range strings.Lines(last) {
		if fields := strings.Fields(line); len(fields) > 0 && (fields[0] == "COPY" || fields[0] == "ADD") {
			copied = append(copied, fields[len(fields)-1])
		}
	}
	if got := strings.Join(copied, " "); got != "/etc/ssl/certs/ /miniblog" || !strings.Contains(last, "\nUSER 65532:65532\n") {
		t.Errorf("the image holds %s: %s", got, last)
	}
	for _, kept := range []string{".git", "secrets", "**/*_test.go"} {
		if !strings.Contains(document(t, ".dockerignore"), kept+"\n") {
			t.Errorf("%s reaches the build of the image", kept)
		}
	}
}
