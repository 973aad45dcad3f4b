-- Who of a network (an address, or the first half of an IPv6 one) counts as themselves: the first few of a day, each on
-- a seat. Network and visitor are pseudonyms, made with the secret of the day.
CREATE TABLE network_visitors (
    day TEXT NOT NULL,
    network TEXT NOT NULL,
    seat INTEGER NOT NULL,
    visitor TEXT NOT NULL,
    PRIMARY KEY (day, network, seat)
);

-- Goes up with every answer, so that nobody overwrites one they have not seen.
ALTER TABLE bug_reports ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
