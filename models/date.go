package models

import (
	"bytes"
	"cmp"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"
)

// Date is a civil date of the proleptic Gregorian calendar, without a time of day and without a zone. A due date is
// a Date beside the IANA zone of its site; only In turns the two into an instant.
//
// Dates are comparable with ==, usable as map keys, and run from 0001-01-01 to 9999-12-31. The zero Date means
// "none": it is null in SQL and JSON, the empty string as text, and before every other date.
type Date struct {
	// ordinal counts days, 0001-01-01 being 1, so that weekdays, differences and comparisons need no calendar.
	ordinal int32
}

const (
	dateLayout      = "2006-01-02"
	epochOrdinal    = 719163  // 1970-01-01
	lastOrdinal     = 3652059 // 9999-12-31
	daysPerEra      = 146097  // 400 Gregorian years
	secondsPerDay   = 86400
	eraStartOrdinal = -305 // 0000-03-01, where the 400-year count of dayNumber begins
)

// NewDate returns the date of a year, month and day. Values outside their range are carried over as time.Date does:
// 31 April is 1 May. Dates before 0001-01-01 or after 9999-12-31 come out as those ends.
func NewDate(year int, month time.Month, day int) Date {
	months := year*12 + int(month) - 1
	year, month = floorDiv(months, 12), time.Month(floorMod(months, 12)+1)
	return clampOrdinal(dayNumber(year, month) + day - 1)
}

// ParseDate reads exactly the form YYYY-MM-DD. Any other form, a day the calendar does not have and the year 0000
// are errors whose text is fit for a user.
func ParseDate(text string) (Date, error) {
	year, okYear := digits(text, 0, 4)
	month, okMonth := digits(text, 5, 7)
	day, okDay := digits(text, 8, 10)
	if len(text) != len(dateLayout) || !okYear || !okMonth || !okDay || text[4] != '-' || text[7] != '-' {
		return Date{}, errors.New("a date has the form YYYY-MM-DD")
	}
	if year == 0 || month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, time.Month(month)) {
		return Date{}, fmt.Errorf("%s is not a day of the calendar", text)
	}
	return NewDate(year, time.Month(month), day), nil
}

// zones keeps what Zone found, at most all that IANA lists.
var zones sync.Map

// Zone returns the IANA time zone of that name, as time.LoadLocation does, which reads a file each time.
func Zone(name string) (*time.Location, error) {
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location), nil //nolint:forcetypeassert // only Zone writes there
	}
	zone, err := time.LoadLocation(name)
	if err == nil {
		zones.Store(name, zone)
	}
	return zone, err
}

// DateOf returns the local date of an instant in a zone.
func DateOf(instant time.Time, zone *time.Location) Date {
	return NewDate(instant.In(zone).Date())
}

// DaysInMonth returns the length of a month, 28 to 31.
func DaysInMonth(year int, month time.Month) int {
	return dayNumber(year, month+1) - dayNumber(year, month)
}

// IsZero reports whether the date is none.
func (d Date) IsZero() bool { return d.ordinal == 0 }

// Civil returns year, month and day; 0, 0, 0 for none.
func (d Date) Civil() (year int, month time.Month, day int) {
	if d.IsZero() {
		return 0, 0, 0
	}
	// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days: years counted from 1 March.
	days := int(d.ordinal) - eraStartOrdinal
	era, dayOfEra := days/daysPerEra, days%daysPerEra
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36524 - dayOfEra/146096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	marchMonth := (5*dayOfYear + 2) / 153
	day = dayOfYear - (153*marchMonth+2)/5 + 1
	year = yearOfEra + era*400
	if marchMonth >= 10 {
		return year + 1, time.Month(marchMonth - 9), day
	}
	return year, time.Month(marchMonth + 3), day
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return time.Weekday(d.ordinal % 7) }

// AddDays returns the date a number of days later, or earlier when days is negative. None stays none; a result past
// an end of the calendar is that end.
func (d Date) AddDays(days int) Date {
	if d.IsZero() {
		return d
	}
	return clampOrdinal(int(d.ordinal) + days)
}

// AddMonths returns the same day of the month a number of months later, or the month's last day where it is shorter:
// 31 January plus one month is 28 or 29 February. None stays none; a result past an end of the calendar is that end.
func (d Date) AddMonths(months int) Date {
	if d.IsZero() {
		return d
	}
	year, month, day := d.Civil()
	first := NewDate(year, month+time.Month(months), 1)
	firstYear, firstMonth, _ := first.Civil()
	return first.AddDays(min(day, DaysInMonth(firstYear, firstMonth)) - 1)
}

// Sub returns the days from other to d: positive where d is later. It means nothing where one of them is none.
func (d Date) Sub(other Date) int { return int(d.ordinal) - int(other.ordinal) }

// Before reports whether d is earlier than other.
func (d Date) Before(other Date) bool { return d.ordinal < other.ordinal }

// After reports whether d is later than other.
func (d Date) After(other Date) bool { return d.ordinal > other.ordinal }

// Compare returns -1, 0 or 1 as d is earlier than, the same as or later than other.
func (d Date) Compare(other Date) int { return cmp.Compare(d.ordinal, other.ordinal) }

// In returns the first moment, in UTC, at which a clock in the zone shows the date. Where clocks skip midnight that is
// the end of the gap (America/Sao_Paulo 2018-11-04 begins at 01:00), where they show it twice the first time. A date
// the zone never had (Pacific/Apia 2011-12-30) gives the moment the clocks jumped over it. None gives the zero time.
func (d Date) In(zone *time.Location) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	midnight := (int64(d.ordinal) - epochOrdinal) * secondsPerDay
	// No zone has ever been a whole day from UTC, so this moment lies before the date everywhere.
	at := time.Unix(midnight-secondsPerDay, 0).In(zone)
	for {
		_, offset := at.Zone()
		_, end := at.ZoneBounds()
		start := time.Unix(max(midnight-int64(offset), at.Unix()), 0)
		// Past a zone's table Go ends each year after 365 days, so on 31 December of a leap year the end is not ahead.
		if end.IsZero() || start.Before(end) || !end.After(at) {
			return start.UTC()
		}
		at = end
	}
}

// String returns YYYY-MM-DD, the empty string for none.
func (d Date) String() string { return string(d.append(make([]byte, 0, len(dateLayout)))) }

// MarshalText returns YYYY-MM-DD, nothing for none.
func (d Date) MarshalText() ([]byte, error) { return d.append(nil), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// MarshalJSON returns the string YYYY-MM-DD, null for none.
func (d Date) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return strconv.AppendQuote(nil, d.String()), nil
}

// UnmarshalJSON reads the string YYYY-MM-DD, or null as none. An empty string is refused.
func (d *Date) UnmarshalJSON(data []byte) error {
	if bytes.Equal(data, []byte("null")) {
		*d = Date{}
		return nil
	}
	if len(data) < 2 || data[0] != '"' || data[len(data)-1] != '"' {
		return errors.New("a date is a string of the form YYYY-MM-DD")
	}
	parsed, err := ParseDate(string(data[1 : len(data)-1]))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Scan reads a SQL date: a time (its own year, month and day), the text YYYY-MM-DD, or null as none.
func (d *Date) Scan(source any) error {
	switch value := source.(type) {
	case nil:
		*d = Date{}
		return nil
	case time.Time:
		*d = NewDate(value.Date())
		return nil
	case string:
		return d.scanText(value)
	case []byte:
		return d.scanText(string(value))
	default:
		return fmt.Errorf("a SQL date cannot be read from %T", source)
	}
}

// Value writes a SQL date: midnight UTC of the date, null for none.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return time.Unix((int64(d.ordinal)-epochOrdinal)*secondsPerDay, 0).UTC(), nil
}

// GormDataType names the column type of a Date.
func (Date) GormDataType() string { return "date" }

func (d *Date) scanText(text string) error {
	parsed, err := ParseDate(text)
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

func (d Date) append(text []byte) []byte {
	if d.IsZero() {
		return text
	}
	year, month, day := d.Civil()
	return append(text,
		'0'+byte(year/1000), '0'+byte(year/100%10), '0'+byte(year/10%10), '0'+byte(year%10), '-',
		'0'+byte(month/10), '0'+byte(month%10), '-',
		'0'+byte(day/10), '0'+byte(day%10))
}

// dayNumber returns the ordinal of the first day of a month; month may be 13, the January after.
func dayNumber(year int, month time.Month) int {
	// Howard Hinnant, days_from_civil: with the year begun on 1 March the leap day is its last day.
	marchMonth := int(month) - 3
	if marchMonth < 0 {
		year, marchMonth = year-1, marchMonth+12
	}
	if marchMonth >= 12 {
		year, marchMonth = year+1, marchMonth-12
	}
	era := floorDiv(year, 400)
	yearOfEra := year - era*400
	dayOfYear := (153*marchMonth + 2) / 5
	return era*daysPerEra + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear + eraStartOrdinal
}

func clampOrdinal(ordinal int) Date {
	return Date{ordinal: int32(min(max(ordinal, 1), lastOrdinal))}
}

func digits(text string, from, to int) (int, bool) {
	if len(text) < to {
		return 0, false
	}
	number := 0
	for _, char := range []byte(text[from:to]) {
		if char < '0' || char > '9' {
			return 0, false
		}
		number = number*10 + int(char-'0')
	}
	return number, true
}

func floorDiv(a, b int) int {
	if a%b < 0 {
		return a/b - 1
	}
	return a / b
}

func floorMod(a, b int) int { return a - floorDiv(a, b)*b }
