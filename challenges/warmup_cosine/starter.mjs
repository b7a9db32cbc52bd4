/**
 * Returns the learning rate of one step: a linear warm-up, then half a cosine.
 *
 * @param {number} step - the step that is asked for, counted from 0
 * @param {number} warmupSteps - how many steps the warm-up takes (0: none)
 * @param {number} totalSteps - how many steps the whole schedule takes
 * @param {number} baseLr - the rate at the end of the warm-up
 * @param {number} minLr - the rate at the end of the schedule and after it
 * @returns {number}
 */
export function warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr) {
  // Which rule does this step fall under: after the end, warm-up or cosine? Ask in this order.
}
