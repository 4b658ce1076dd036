import type * as img from "../../../../../generated/ir/img.ts";
import type { OptionReader } from "../../../kit/option-reader.ts";

/** What an operator may say about an upstream's images. */
export interface ImageOptions {
	/** What `response_format` is sent, for models that take it; none by default, as the newest refuse it. */
	readonly responseFormat: "b64_json" | "url" | undefined;
	/** The upstream's words for quality; our own by default. */
	readonly quality: Readonly<Record<img.Quality, string>>;
	/** Whether the upstream takes a `seed`. The reference has none. */
	readonly seed: boolean;
}

/**
 * Reads `image_response_format`, `image_seed` and `image_quality`, a table of the upstream's words for `auto`, `low`, `medium`
 * and `high`.
 */
export function readImageOptions(reader: OptionReader): ImageOptions {
	const quality = reader.table("image_quality");
	const word = (name: img.Quality) => quality.string(name) ?? name;
	const options: ImageOptions = {
		responseFormat: reader.string("image_response_format", ["b64_json", "url"]),
		quality: { auto: word("auto"), low: word("low"), medium: word("medium"), high: word("high") },
		seed: reader.boolean("image_seed") ?? false,
	};
	quality.finish();
	return options;
}
