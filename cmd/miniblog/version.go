package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is stamped by "task build".
var version = ""

type versionCommand struct{}

func (versionCommand) example() string { return "miniblog version" }

// Run prints the version and what it was built with.
func (versionCommand) Run() error {
	fmt.Printf("miniblog %s (%s, %s/%s)\n", versionText(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

func versionText() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "development"
}
