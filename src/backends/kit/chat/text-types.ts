/** Media types of text that do not begin with `text/`. */
const TEXT_TYPES: ReadonlySet<string> = new Set([
	"application/json",
	"application/xml",
	"application/yaml",
	"application/x-yaml",
	"application/toml",
	"application/javascript",
	"application/x-ndjson",
]);

/** Returns true for the media type of a text. `type` is in lower case, without parameters. */
export function isTextType(type: string): boolean {
	return type.startsWith("text/") || TEXT_TYPES.has(type);
}
