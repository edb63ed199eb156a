"""The reference figures: coding first, 57 claims, another implementation and other draws."""

TEXT_RUNS = 32_768
TEXT_DRIVER_RUNS = 81_920

# scenario -> share of runs in each class, in the order of the case's classes
REACH = {
    "history": (0.033, 0.013, 0.010, 0.026, 0.190, 0.143, 0.529, 0.050, 0.006),
    "xi-first": (0.041, 0.015, 0.012, 0.027, 0.213, 0.165, 0.467, 0.048, 0.013),
    "xi-fourth": (0.044, 0.017, 0.015, 0.026, 0.223, 0.172, 0.442, 0.048, 0.014),
    "trump-first": (0.040, 0.020, 0.018, 0.030, 0.264, 0.154, 0.417, 0.044, 0.012),
    "no-china": (0.053, 0.015, 0.016, 0.023, 0.234, 0.237, 0.323, 0.035, 0.064),
    "xi-after-trump": (0.036, 0.016, 0.013, 0.025, 0.206, 0.146, 0.503, 0.048, 0.007),
    "moscow-early": (0.033, 0.013, 0.009, 0.025, 0.184, 0.146, 0.532, 0.051, 0.006),
    "no-moscow": (0.033, 0.013, 0.010, 0.026, 0.190, 0.143, 0.526, 0.050, 0.007),
    "drawdown-none": (0.031, 0.000, 0.003, 0.000, 0.069, 0.136, 0.694, 0.061, 0.006),
    "drawdown-chip": (0.026, 0.040, 0.022, 0.081, 0.427, 0.057, 0.316, 0.031, 0.001),
    "drawdown-gift": (0.033, 0.007, 0.000, 0.000, 0.077, 0.158, 0.658, 0.067, 0.000),
    "no-trade-war": (0.034, 0.011, 0.009, 0.025, 0.185, 0.157, 0.523, 0.050, 0.006),
    "hawk-stays": (0.033, 0.013, 0.010, 0.026, 0.190, 0.151, 0.529, 0.041, 0.007),
    "no-hawk": (0.029, 0.016, 0.011, 0.029, 0.200, 0.112, 0.542, 0.058, 0.004),
    "china-stops-enforcing": (0.038, 0.013, 0.008, 0.026, 0.176, 0.175, 0.509, 0.055, 0.000),
    "balanced-ledger": (0.044, 0.014, 0.012, 0.020, 0.192, 0.220, 0.438, 0.040, 0.019),
    "documents-march-2018": (0.037, 0.009, 0.006, 0.021, 0.158, 0.186, 0.521, 0.050, 0.012),
}

# scenario -> terms of the DPRK, deal, promised by the US and by the DPRK at the first US summit; extraction after month
# 3 and after month 20; US deals and arsenal ratio after month 20
FIRST_SUMMIT_MEASURES = (
    *("first_us_terms", "first_us_deal", "first_promised_us", "first_promised_dprk"),
    *("extraction at month 3", "extraction", "deals_us", "arsenal_ratio"),
)
FIRST_SUMMIT = {
    "xi-first": (0.625, 0.465, 0.328, 0.164, 0.193, 0.394, 1.109, 1.134),
    "xi-fourth": (0.557, 0.452, 0.314, 0.179, 0.178, 0.383, 1.113, 1.121),
    "trump-first": (0.555, 0.551, 0.416, 0.259, 0.230, 0.410, 1.188, 1.063),
    "no-china": (0.557, 0.452, 0.314, 0.179, 0.167, 0.309, 1.052, 1.113),
    "history": (0.686, 0.431, 0.300, 0.136, 0.227, 0.415, 1.021, 1.171),
    "xi-after-trump": (0.564, 0.426, 0.283, 0.164, 0.185, 0.404, 1.035, 1.148),
}

# claim -> effect on the cut (classes 1, 2 and 4), test-pause, mirage, fatal-step, arsenal ratio, extraction, US deals:
# credence 1 minus credence 0, read off one ensemble of 81,920 runs, with the median standard error of each column
DRIVER_MEASURES = ("cut", "test-pause", "mirage", "fatal-step", "arsenal_ratio", "extraction", "deals_us")
DRIVER_ERRORS = (0.004, 0.005, 0.003, 0.001, 0.004, 0.002, 0.008)
DRIVERS = {
    "both-or-neither": (0.238, -0.184, -0.071, -0.004, -0.291, 0.133, 0.384),
    "trump-wants-out": (0.193, -0.154, -0.056, -0.004, -0.230, 0.117, 0.282),
    "warhead-clock": (-0.096, 0.086, 0.002, -0.001, 0.238, -0.006, -0.030),
    "conditional-disarmament-offer": (0.099, -0.068, -0.031, -0.002, -0.129, 0.059, 0.200),
    "us-sole-economic-key": (0.060, -0.031, -0.025, -0.001, -0.075, 0.031, 0.179),
    "mirage-pressure-return": (0.013, -0.066, 0.063, 0.006, -0.017, -0.021, 0.100),
    "fatal-step-risk": (-0.004, -0.013, -0.008, 0.027, 0.003, -0.002, -0.003),
    "shared-aim-us-out": (0.061, -0.053, -0.013, -0.004, -0.073, 0.040, 0.094),
    "red-line-pressure": (-0.012, -0.012, 0.022, 0.002, 0.020, -0.010, -0.106),
    "us-waits-on-seoul-track": (0.000, 0.037, -0.037, -0.004, 0.001, 0.020, -0.035),
    "trade-talks-linkage": (0.015, 0.004, -0.019, -0.002, -0.020, 0.014, 0.089),
    "cocked-gun-adviser": (0.017, 0.027, -0.036, -0.002, -0.018, 0.011, 0.060),
    "sanctions-brought-kim": (0.008, 0.042, -0.031, -0.002, -0.013, 0.005, 0.064),
    "p5-veto-shield": (0.001, 0.016, -0.012, -0.002, -0.001, 0.018, 0.015),
    "equal-status-goal": (0.009, 0.008, -0.014, -0.002, -0.018, 0.008, 0.060),
    "nukes-brought-trump": (-0.003, -0.036, 0.019, 0.005, -0.001, -0.004, 0.003),
}
