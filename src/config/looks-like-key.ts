/** Length from which letters mixed with digits, without a blank or "_", are no word of a name, in characters. */
const MIN_RANDOM_LENGTH = 16;

/**
 * Returns true if text in place of the name of an environment variable is likely a key. Some vendors' keys are valid names, and a host
 * repeats names in its log.
 */
export function looksLikeKey(name: string): boolean {
	return name.split("_").some((word) => word.length >= MIN_RANDOM_LENGTH && /[0-9]/.test(word) && /[A-Za-z]/.test(word));
}
