package models

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of a password, in characters and in bytes.
const (
	MinPasswordLength = 12
	MaxPasswordBytes  = 1024
)

// commonPasswords are the long ones that guessing starts with; shorter ones are refused by their length.
var commonPasswords = []string{
	"000000000000", "111111111111", "112233445566", "1234567890123", "123456123456", "123456654321", "123456789012",
	"1234567890ab", "1q2w3e4r5t6y", "1qaz2wsx3edc", "abc123abc123", "abcdefghijkl", "adminadminadmin", "administrator",
	"adminpassword", "changeme1234", "changemechangeme", "correcthorsebatterystaple", "iloveyou1234", "letmeinletmein",
	"maintenance1", "mainstay1234", "mainstaymainstay", "passw0rd1234", "password1234", "password12345", "password123456",
	"passwordpassword", "qwerty123456", "qwerty1234567", "qwertyqwerty", "qwertyuiop12", "qwertyuiop123", "qwertyuiopasdf",
	"welcome12345", "welcomewelcome", "zaq12wsxcde3",
}

// CheckPassword notes what is wrong with a new password of the account: too short, too long, the account's own e-mail
// address or one that everybody tries. No mix of characters is demanded, because that makes passwords no harder to guess.
func (f *Faults) CheckPassword(pointer, password, email string) {
	lower := strings.ToLower(strings.TrimSpace(password))
	local, _, _ := strings.Cut(strings.ToLower(email), "@")
	f.Add(utf8.RuneCountInString(password) < MinPasswordLength, pointer, "too_short", "A password has %d characters or more.", MinPasswordLength)
	f.Add(len(password) > MaxPasswordBytes, pointer, "too_long", "A password has %d bytes at most.", MaxPasswordBytes)
	f.Add(lower != "" && (lower == strings.ToLower(email) || lower == local), pointer, "email", "The password must not be the e-mail address.")
	f.Add(slices.Contains(commonPasswords, lower), pointer, "common", "This password is one that everybody tries first.")
}
