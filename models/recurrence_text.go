package models

import (
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	longestRule     = 500    // bytes of text
	mostOccurrences = 10_000 // COUNT
)

// RecurrenceError says what is wrong with a rule. Part is the rule part at fault (INTERVAL, BYDAY, ...), DTSTART for the
// start date, RRULE for the rule as a whole. Detail is fit for a user.
type RecurrenceError struct {
	Part   string
	Detail string
}

func (e *RecurrenceError) Error() string { return e.Part + ": " + e.Detail }

// ParseRecurrence reads a rule as RFC 5545 writes the value of RRULE, FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1, with or
// without "RRULE:" before it, in either case. Every error is a *RecurrenceError.
//
// Refused are: parts it does not know, parts or list entries given twice, COUNT beside UNTIL, an INTERVAL over 100 years,
// a COUNT over 10,000, an UNTIL that is no plain date (YYYYMMDD) or lies before the start, the combinations RFC 5545
// forbids, and a rule that never gives a date.
func ParseRecurrence(rule string, startsOn Date) (Recurrence, error) {
	if startsOn.IsZero() {
		return Recurrence{}, &RecurrenceError{"DTSTART", "a calendar rule needs the date it starts on"}
	}
	parts, err := splitRule(rule)
	if err != nil {
		return Recurrence{}, err
	}
	parsed := Recurrence{interval: 1, startsOn: startsOn, weekStart: time.Monday, last: Date{ordinal: lastOrdinal}}
	for _, part := range parts {
		if detail := parsed.setPart(part.name, part.value); detail != "" {
			return Recurrence{}, &RecurrenceError{part.name, detail}
		}
	}
	if err := parsed.check(); err != nil {
		return Recurrence{}, err
	}
	parsed.takeFromStart()
	return parsed, parsed.findLast()
}

// String returns the rule in its canonical form: parts in a fixed order, lists sorted, defaults left out. Parsed again
// with the same start it is the same rule. The zero Recurrence gives the empty string.
func (r *Recurrence) String() string {
	if r.IsZero() {
		return ""
	}
	text := "FREQ=" + r.frequency.String()
	add := func(name, value string, given bool) {
		if given {
			text += ";" + name + "=" + value
		}
	}
	add("INTERVAL", strconv.Itoa(r.interval), r.interval > 1)
	add("COUNT", strconv.Itoa(r.count), r.count > 0)
	add("UNTIL", strings.ReplaceAll(r.until.String(), "-", ""), !r.until.IsZero())
	add("BYMONTH", joinNumbers(bitNumbers(uint32(r.months))), r.months != 0 && !r.implied.month)
	add("BYMONTHDAY", joinNumbers(r.monthDayNumbers()), r.monthDays|r.daysFromEnd != 0 && !r.implied.monthDay)
	add("BYDAY", strings.Join(r.weekdayCodes(), ","), (r.weekdays != 0 || len(r.ordinals) > 0) && !r.implied.weekday)
	add("BYSETPOS", joinNumbers(r.setPositions), len(r.setPositions) > 0)
	add("WKST", weekdayCodes[r.weekStart], r.weekStart != time.Monday)
	return text
}

// Describe says the rule in a plain English sentence without its full stop: "Every 3 months on the last Friday, from
// 2026-06-01". The zero Recurrence gives the empty string.
func (r *Recurrence) Describe() string {
	if r.IsZero() {
		return ""
	}
	text := "Every " + r.frequency.unit()
	if r.interval > 1 {
		text = fmt.Sprintf("Every %d %ss", r.interval, r.frequency.unit())
	}
	text += r.describeDays() + r.describeMonths()
	if len(r.setPositions) > 0 {
		text += ", of these only the " + joinWords(ordinalWords(r.setPositions))
	}
	text += ", from " + r.startsOn.String()
	switch {
	case r.count == 1:
		return text + ", once"
	case r.count > 1:
		return fmt.Sprintf("%s, %d times", text, r.count)
	case !r.until.IsZero():
		return text + " until " + r.until.String()
	default:
		return text
	}
}

type rulePart struct{ name, value string }

func splitRule(rule string) ([]rulePart, error) {
	rule = strings.ToUpper(strings.TrimSpace(rule))
	rule = strings.TrimPrefix(rule, "RRULE:")
	switch {
	case rule == "":
		return nil, &RecurrenceError{"RRULE", "the rule is empty"}
	case len(rule) > longestRule:
		return nil, &RecurrenceError{"RRULE", fmt.Sprintf("the rule is longer than %d characters", longestRule)}
	}
	var parts []rulePart
	for text := range strings.SplitSeq(rule, ";") {
		name, value, found := strings.Cut(text, "=")
		if !found || value == "" {
			return nil, &RecurrenceError{"RRULE", fmt.Sprintf("%s is not of the form NAME=value", quote(text))}
		}
		if slices.ContainsFunc(parts, func(part rulePart) bool { return part.name == name }) {
			return nil, &RecurrenceError{name, "the part is given twice"}
		}
		parts = append(parts, rulePart{name, value})
	}
	return parts, nil
}

// setPart stores one part and returns what is wrong with it, or nothing.
func (r *Recurrence) setPart(name, value string) (detail string) {
	switch name {
	case "FREQ":
		index := slices.Index(frequencyNames[:], value)
		if index < 0 {
			return quote(value) + " is not one of DAILY, WEEKLY, MONTHLY, YEARLY"
		}
		r.frequency = frequency(index + 1) //nolint:gosec // four names
	case "INTERVAL":
		r.interval, detail = parseNumber(value, 1, 100*366)
	case "COUNT":
		r.count, detail = parseNumber(value, 1, mostOccurrences)
	case "UNTIL":
		return r.setUntil(value)
	case "BYMONTH":
		return eachEntry(value, func(entry string) (string, bool) {
			month, detail := parseNumber(entry, 1, 12)
			known := r.months>>max(month, 0)&1 == 1
			r.months |= 1 << max(month, 0)
			return detail, known
		})
	case "BYMONTHDAY":
		return eachEntry(value, r.addMonthDay)
	case "BYDAY":
		return eachEntry(value, r.addWeekday)
	case "BYSETPOS":
		return eachEntry(value, r.addSetPosition)
	case "WKST":
		index := slices.Index(weekdayCodes[:], value)
		if index < 0 {
			return quote(value) + " is not one of MO, TU, WE, TH, FR, SA, SU"
		}
		r.weekStart = time.Weekday(index)
	default:
		return "maintenance rules do not know this part"
	}
	return detail
}

func (r *Recurrence) setUntil(value string) string {
	if len(value) != len("YYYYMMDD") {
		return "the last date has the form YYYYMMDD, without a time"
	}
	until, err := ParseDate(value[:4] + "-" + value[4:6] + "-" + value[6:])
	if err != nil {
		return quote(value) + " is not a day of the calendar, written YYYYMMDD"
	}
	if until.Before(r.startsOn) {
		return "the last date lies before the start " + r.startsOn.String()
	}
	r.until, r.last = until, until
	return ""
}

func (r *Recurrence) addMonthDay(entry string) (detail string, known bool) {
	day, detail := parseNumber(entry, -31, 31)
	if detail != "" {
		return quote(entry) + " is not a day of a month: 1 to 31, or -1 to -31 from its end", false
	}
	days := &r.monthDays
	if day < 0 {
		days, day = &r.daysFromEnd, -day
	}
	known = *days>>day&1 == 1
	*days |= 1 << day
	return "", known
}

func (r *Recurrence) addWeekday(entry string) (detail string, known bool) {
	ordinalText, code := "", entry
	if len(entry) > 2 {
		ordinalText, code = entry[:len(entry)-2], entry[len(entry)-2:]
	}
	index := slices.Index(weekdayCodes[:], code)
	if index < 0 {
		return quote(entry) + " is not a weekday: MO to SU, or with an ordinal 1MO, -1FR", false
	}
	weekday := time.Weekday(index)
	if ordinalText == "" {
		known = r.weekdays>>weekday&1 == 1
		r.weekdays |= 1 << weekday
		return "", known
	}
	nth, detail := parseNumber(ordinalText, -53, 53)
	if detail != "" {
		return "the ordinal of " + quote(entry) + " is not 1 to 53, or -1 to -53 from the end", false
	}
	ordinal := ordinalWeekday{nth, weekday}
	known = slices.Contains(r.ordinals, ordinal)
	r.ordinals = append(r.ordinals, ordinal)
	return "", known
}

func (r *Recurrence) addSetPosition(entry string) (detail string, known bool) {
	position, detail := parseNumber(entry, -366, 366)
	known = slices.Contains(r.setPositions, position)
	r.setPositions = append(r.setPositions, position)
	return detail, known
}

// check refuses what the parts may not be together.
func (r *Recurrence) check() error {
	countsInMonth := r.frequency == monthly || r.frequency == yearly && r.months != 0
	tooFar := func(ordinal ordinalWeekday) bool { return ordinal.nth < -5 || ordinal.nth > 5 }
	byPart := r.months != 0 || r.monthDays|r.daysFromEnd != 0 || r.weekdays != 0 || len(r.ordinals) > 0
	switch {
	case r.frequency == 0:
		return &RecurrenceError{"FREQ", "the rule needs one of DAILY, WEEKLY, MONTHLY, YEARLY"}
	case r.count > 0 && !r.until.IsZero():
		return &RecurrenceError{"COUNT", "a rule ends with COUNT or with UNTIL, not with both"}
	case r.interval > longestInterval[r.frequency]:
		return &RecurrenceError{"INTERVAL", fmt.Sprintf("at most %d, which is 100 years", longestInterval[r.frequency])}
	case r.frequency == weekly && r.monthDays|r.daysFromEnd != 0:
		return &RecurrenceError{"BYMONTHDAY", "a WEEKLY rule has no days of the month"}
	case len(r.ordinals) > 0 && (r.frequency == daily || r.frequency == weekly):
		return &RecurrenceError{"BYDAY", "only a MONTHLY or YEARLY rule knows the nth weekday"}
	case countsInMonth && slices.ContainsFunc(r.ordinals, tooFar):
		return &RecurrenceError{"BYDAY", "a month has at most 5 of each weekday"}
	case len(r.setPositions) > 0 && !byPart:
		return &RecurrenceError{"BYSETPOS", "it picks from another BY part, and the rule has none"}
	}
	return nil
}

// takeFromStart completes a rule that leaves its days to the start, and sorts its lists.
func (r *Recurrence) takeFromStart() {
	slices.Sort(r.setPositions)
	slices.SortFunc(r.ordinals, func(a, b ordinalWeekday) int {
		return 100*(a.nth-b.nth) + mondayFirst(a.weekday) - mondayFirst(b.weekday)
	})
	if r.monthDays|r.daysFromEnd != 0 || r.weekdays != 0 || len(r.ordinals) > 0 {
		return
	}
	_, month, day := r.startsOn.Civil()
	switch r.frequency {
	case weekly:
		r.weekdays, r.implied.weekday = 1<<r.startsOn.Weekday(), true
	case yearly:
		if r.months == 0 {
			r.months, r.implied.month = 1<<month, true
		}
		r.monthDays, r.implied.monthDay = 1<<day, true
	case monthly:
		r.monthDays, r.implied.monthDay = 1<<day, true
	case daily:
	}
}

// findLast turns COUNT into the last date, so that no later question has to count.
func (r *Recurrence) findLast() error {
	found := 0
	for date := range r.Dates(r.startsOn) {
		found++
		if r.count == 0 {
			return nil
		}
		if found == r.count {
			r.last = date
			return nil
		}
	}
	if found == 0 {
		return &RecurrenceError{"RRULE", "the rule never gives a date"}
	}
	return nil
}

func (r *Recurrence) monthDayNumbers() []int {
	numbers := bitNumbers(r.monthDays)
	for _, day := range bitNumbers(r.daysFromEnd) {
		numbers = append(numbers, -day)
	}
	return numbers
}

func (r *Recurrence) weekdayCodes() []string {
	var codes []string
	for _, weekday := range weekdaysOf(r.weekdays) {
		codes = append(codes, weekdayCodes[weekday])
	}
	for _, ordinal := range r.ordinals {
		codes = append(codes, strconv.Itoa(ordinal.nth)+weekdayCodes[ordinal.weekday])
	}
	return codes
}

func (r *Recurrence) describeDays() string {
	var days, names []string
	for _, day := range bitNumbers(r.monthDays) {
		days = append(days, fmt.Sprintf("day %d", day))
	}
	for _, day := range bitNumbers(r.daysFromEnd) {
		days = append(days, "the "+ordinalWord(-day)+" day")
	}
	for _, weekday := range weekdaysOf(r.weekdays) {
		names = append(names, weekday.String())
	}
	for _, ordinal := range r.ordinals {
		names = append(names, "the "+ordinalWord(ordinal.nth)+" "+ordinal.weekday.String())
	}
	switch {
	case len(days) == 0 && len(names) == 0:
		return ""
	case len(days) == 0:
		return " on " + joinWords(names)
	}
	text := " on " + joinWords(days)
	if r.monthDays>>29 != 0 {
		text += " (in a shorter month its last day)"
	}
	if len(names) > 0 {
		text += " where it is " + strings.Join(names, " or ")
	}
	return text
}

func (r *Recurrence) describeMonths() string {
	if r.months == 0 {
		return ""
	}
	var names []string
	for _, month := range bitNumbers(uint32(r.months)) {
		names = append(names, time.Month(month).String())
	}
	return " in " + joinWords(names)
}

var (
	frequencyNames  = [...]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
	weekdayCodes    = [...]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}
	longestInterval = [...]int{daily: 36_525, weekly: 5_218, monthly: 1_200, yearly: 100}
)

func (f frequency) String() string { return frequencyNames[f-1] }

func (f frequency) unit() string { return [...]string{"day", "week", "month", "year"}[f-1] }

func eachEntry(list string, add func(entry string) (detail string, known bool)) string {
	for entry := range strings.SplitSeq(list, ",") {
		detail, known := add(entry)
		if detail != "" {
			return detail
		}
		if known {
			return quote(entry) + " is given twice"
		}
	}
	return ""
}

// parseNumber reads a whole number other than 0; a plus sign is allowed where a minus would be.
func parseNumber(text string, lowest, highest int) (number int, detail string) {
	unsigned := text
	if lowest < 0 {
		unsigned = strings.TrimLeft(text[:min(1, len(text))], "+-") + text[min(1, len(text)):]
	}
	number, ok := digits(unsigned, 0, len(unsigned))
	if text != unsigned && text[0] == '-' {
		number = -number
	}
	if !ok || unsigned == "" || len(unsigned) > 6 || number == 0 || number < lowest || number > highest {
		if lowest < 0 {
			return 0, fmt.Sprintf("%s is not a whole number from 1 to %d, or from -1 to %d", quote(text), highest, lowest)
		}
		return 0, fmt.Sprintf("%s is not a whole number from %d to %d", quote(text), lowest, highest)
	}
	return number, ""
}

func quote(text string) string {
	if len(text) > 40 {
		text = strings.ToValidUTF8(text[:40], "") + "..."
	}
	return strconv.Quote(text)
}

func bitNumbers(set uint32) []int {
	var numbers []int
	for ; set != 0; set &= set - 1 {
		numbers = append(numbers, bits.TrailingZeros32(set))
	}
	return numbers
}

// weekdaysOf lists a set of weekdays from Monday on.
func weekdaysOf(set uint8) []time.Weekday {
	var weekdays []time.Weekday
	for i := range 7 {
		if weekday := time.Weekday((i + 1) % 7); set>>weekday&1 == 1 {
			weekdays = append(weekdays, weekday)
		}
	}
	return weekdays
}

func mondayFirst(weekday time.Weekday) int { return (int(weekday) + 6) % 7 }

func joinNumbers(numbers []int) string {
	texts := make([]string, len(numbers))
	for i, number := range numbers {
		texts[i] = strconv.Itoa(number)
	}
	return strings.Join(texts, ",")
}

func joinWords(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

func ordinalWords(numbers []int) []string {
	words := make([]string, len(numbers))
	for i, number := range numbers {
		words[i] = ordinalWord(number)
	}
	return words
}

// ordinalWord says 1st, 2nd, 11th, and last, 2nd last for numbers from the end.
func ordinalWord(number int) string {
	if number == -1 {
		return "last"
	}
	if number < 0 {
		return ordinalWord(-number) + " last"
	}
	suffix := "th"
	if number/10%10 != 1 && number%10 >= 1 && number%10 <= 3 {
		suffix = [...]string{"st", "nd", "rd"}[number%10-1]
	}
	return strconv.Itoa(number) + suffix
}
