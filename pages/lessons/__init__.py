"""The Lessons page: predict, train, see, answer; chapters come from tuning_core.lessons."""
