/** The rule of the API for names of functions. Names of tools have no other characters than these by the ABI. */
export const FUNCTION_NAMES = "the API accepts only names that begin with a letter or _";

/**
 * Returns true if the API accepts a tool's name.
 *
 * @see https://github.com/google-gemini/gemini-cli/issues/6704 for the API's own words
 */
export function isFunctionName(name: string): boolean {
	return /^[A-Za-z_]/.test(name);
}

/** Returns the name of a call in the history. Another vendor's model may have called a tool whose name the API does not accept. */
export function calledName(name: string): string {
	return isFunctionName(name) ? name : `_${name.slice(0, 63)}`;
}
