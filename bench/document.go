package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// describe says what is measured and on what.
func describe(s *site, o options) string {
	return fmt.Sprintf("%s.\n%d posts; %d connections read `/`; %d writers autosave every %s, texts of %d to %d KB; %d rounds of %s for each.",
		machine(s), o.posts, o.connections, o.writers, o.every, shortest>>10, longest>>10, o.rounds, o.each)
}

// setting says on what was measured, under what load, and how long.
func setting(s *site, o options, load string) string {
	return fmt.Sprintf("%s.\n%d posts; %s; %d rounds of %s for each.\n\n", machine(s), o.posts, load, o.rounds, o.each)
}

// byWrk is the load of most parts.
func byWrk(o options) string { return fmt.Sprintf("%s over %d connections", said("wrk", "-v"), o.wide) }

// said is the version that a program tells of itself, on its first line, such as nginx/1.22.1.
func said(program, flag string) string {
	out, _ := exec.Command(program, flag).CombinedOutput() // wrk tells it as a mistake
	words := strings.Fields(strings.TrimPrefix(string(out), "nginx version:"))
	if len(words) > 1 && words[0] == program {
		return words[0] + " " + words[1]
	}
	if len(words) > 0 {
		return words[0]
	}
	return program
}

func machine(s *site) string {
	return fmt.Sprintf("%d processors%s, %s/%s, %s, PostgreSQL %s; fsync of 8 KB takes %s",
		runtime.NumCPU(), model(), runtime.GOOS, runtime.GOARCH, runtime.Version(), s.database.version, syncTime(s.dir))
}

// model is the name of the processor where Linux tells it.
func model() string {
	text, _ := os.ReadFile("/proc/cpuinfo") // elsewhere there is none
	for line := range strings.Lines(string(text)) {
		if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
			return " (" + strings.TrimSpace(value) + ")"
		}
	}
	return ""
}

// syncTime is how long the disk takes to make a page durable, which every commit waits
// for: without it nobody could tell a disk from a directory in memory.
func syncTime(dir string) time.Duration {
	file, err := os.Create(filepath.Join(dir, "page"))
	if err != nil {
		return 0
	}
	defer file.Close()
	var took []float64
	for range 50 {
		begun := time.Now()
		if _, err := file.WriteAt(make([]byte, 8<<10), 0); err != nil {
			return 0
		}
		if err := file.Sync(); err != nil {
			return 0
		}
		took = append(took, float64(time.Since(begun)))
	}
	return time.Duration(spreadOf(took).median).Round(10 * time.Microsecond)
}

// document renews the parts of a document, and the charts in the directory that has its name.
func (s *site) document(path string, texts map[string]string) error {
	dir := strings.TrimSuffix(path, filepath.Ext(path))
	for file, chart := range s.charts {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, file+".svg"), []byte(chart.svg()), 0o644); err != nil {
			return err
		}
	}
	for part, text := range texts {
		if err := renew(path, part, text); err != nil {
			return err
		}
	}
	return nil
}

// renew replaces what a document says between the two comments of a part.
func renew(path, part, text string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	opening, closing := "<!-- bench "+part+" -->\n", "<!-- end -->"
	before, rest, opened := strings.Cut(string(old), opening)
	_, after, closed := strings.Cut(rest, closing)
	if !opened || !closed {
		return fmt.Errorf("renew %s: no place between %q and %q", path, strings.TrimSpace(opening), closing)
	}
	return os.WriteFile(path, []byte(before+opening+"\n"+text+"\n"+closing+after), 0o644)
}
