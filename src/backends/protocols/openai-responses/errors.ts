import { VendorErrors } from "../../kit/http/vendor-errors.ts";
import { ROWS } from "../openai/error-table.ts";
import { openAiErrorDialect } from "../openai/errors.ts";

/**
 * Errors of the Responses API: those of OpenAI's other APIs, and the codes of a response that failed.
 *
 * @see https://platform.openai.com/docs/api-reference/responses/object#responses/object-error
 */
export const responsesErrors = new VendorErrors({
	...openAiErrorDialect,
	rows: [
		{
			means: "request",
			mark: /invalid_prompt|bio_policy|misalignment_policy_violation|(invalid|empty)_(base64_)?image(_\w+)?|image_\w+|unsupported_image_media_type|failed_to_download_image/,
		},
		{ means: "region", mark: "data_residency_mismatch" },
		{ means: "timeout", mark: "vector_store_timeout" },
		...ROWS,
	],
});
