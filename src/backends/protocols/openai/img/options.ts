import type * as img from "../../../../../generated/ir/img.ts";
import type { OptionReader } from "../../../kit/option-reader.ts";

/** Options for images. */
export interface ImageOptions {
	/** Value of `response_format`, for models that accept it. Absent by default: the newest models refuse it. */
	readonly responseFormat: "b64_json" | "url" | undefined;
	/** The upstream's words for quality. The default words are the ABI's. */
	readonly quality: Readonly<Record<img.Quality, string>>;
	/** Sends `seed`. The default is false: OpenAI's API has no such member. */
	readonly seed: boolean;
}

/**
 * Reads `image_response_format`, `image_seed` and `image_quality`. The latter is a table of the upstream's words for `auto`, `low`,
 * `medium` and `high`.
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
