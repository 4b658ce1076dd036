/** Media type of content about which nothing more is known. */
export const OCTETS = "application/octet-stream";

/** Longest media type that {@link isMediaType} accepts, in characters. RFC 6838 allows as much for a type name alone; real ones are far shorter. */
const MAX_LENGTH = 127;

/** `type/subtype`, then parameters whose values are tokens. Such a text can stand in a header as it is. */
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*(?:\s*;\s*[a-z0-9!#$&^_.+-]+=[a-z0-9!#$&^_.+-]+)*$/i;

/**
 * Returns true if `text` is a media type. Parameters with quoted values are not accepted.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6838#section-4.2
 */
export function isMediaType(text: string): boolean {
	return text.length <= MAX_LENGTH && MEDIA_TYPE.test(text);
}

/** Returns the type and subtype of a media type in lower case, without parameters. Does not check them. */
export function essenceOf(mediaType: string): string {
	const end = mediaType.indexOf(";");
	return (end === -1 ? mediaType : mediaType.slice(0, end)).trim().toLowerCase();
}
