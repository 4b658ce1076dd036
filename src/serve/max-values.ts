/**
 * Most values of JSON from outside. Objects of a few bytes take fifty times as much memory as their text: a body of 30 MB could otherwise take 1.5 GB,
 * and two seconds. A conversation of 100,000 messages has 300,000.
 */
export const MAX_VALUES = 500_000;
