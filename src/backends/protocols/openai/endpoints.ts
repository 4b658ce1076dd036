/**
 * Paths of OpenAI's API, for `base_url`: operators copy the URL of an endpoint from a vendor's page. The longer path comes before one that
 * it ends in.
 */
export const ENDPOINTS: readonly string[] = [
	"/chat/completions",
	"/completions",
	"/embeddings",
	"/images/generations",
	"/images/edits",
	"/images/variations",
	"/audio/transcriptions",
	"/audio/translations",
	"/audio/speech",
	"/realtime",
	"/responses",
	"/models",
];
