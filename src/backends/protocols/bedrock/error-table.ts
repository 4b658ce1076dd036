import type { ErrorRow } from "../../kit/http/error-table.ts";

/**
 * The rows in order; the first that applies counts. The mark is the name of the exception. A name that ends in `Exception` has a form
 * without it, and the events of a stream begin in lower case; `errors.ts` makes these equal.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html
 * @see https://github.com/aws-samples/semantic-search-with-amazon-opensearch/issues/43 (a model that the policy leaves out)
 * @see https://github.com/coder/code-server/issues/7959 (a prompt resource)
 */
export const ROWS: readonly ErrorRow[] = [
	// The account has no access to this model. The same key serves other models.
	{ mark: "accessdenied", message: /^you don't have access to the model/i, means: "model" },
	{ mark: "accessdenied", message: /^access to this model is not available/i, means: "model" },
	{ mark: "accessdenied", message: /^model access is denied/i, means: "model" },
	// Names a resource of the request: a model, a prompt, a guardrail. `CallWithBearerToken`, an action of the key alone, is not among these.
	{
		mark: "accessdenied",
		message:
			/^user: \S{1,300} is not authorized to perform: bedrock:(?:InvokeModel(?:WithResponseStream)?|ApplyGuardrail|GetInferenceProfile|RenderPrompt) on resource/i,
		means: "model",
	},
	{ mark: "accessdenied", message: /^your account is not authorized to invoke this api operation with /i, means: "model" },
	{ mark: /accessdenied|notauthorized|optinrequired/, means: "credentials" },
	{ mark: /unrecognizedclient|invalidclienttokenid|invalidsignature|incompletesignature|signaturedoesnotmatch/, means: "credentials" },
	{ mark: /expiredtoken|missingauthenticationtoken|requestexpired|invalidtoken/, means: "credentials" },
	{ mark: "validation", message: /^the provided model identifier is invalid/i, means: "model" },
	{ mark: "validation", message: /^invocation of model id \S{1,300} with on-demand throughput isn.t supported/i, means: "model" },
	{ mark: /validation|badrequest|serialization/, means: "request" },
	{ mark: /resourcenotfound|unknownoperation|ftuformnotfilled|badcscore/, means: "model" },
	{ mark: /throttling|toomanyrequests|limitexceeded/, means: "rate" },
	{ mark: "servicequotaexceeded", means: "quota" },
	{ mark: /modelnotready|serviceunavailable/, means: "overloaded" },
	{ mark: "modeltimeout", means: "timeout" },
	{ mark: "conflict", means: "conflict" },
	{ mark: /internalserver|internalfailure|modelerror|modelstreamerror/, means: "failure" },
	{ status: 424, means: "failure" },
];
