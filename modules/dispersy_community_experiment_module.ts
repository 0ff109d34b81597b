/** The name that Gumby has for it beside the one for IPv8. */
export { CommunityExperimentModule as DispersyCommunityExperimentModule } from './community_experiment_module.js';
