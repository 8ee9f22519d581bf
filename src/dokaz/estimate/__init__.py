"""How many were never listed: multiple-systems estimation from lists that overlap, several methods side by side."""

from dokaz.estimate.averaging import AveragedSize, average_over_linkages, average_over_models
from dokaz.estimate.decomposable import GraphAverage, average_over_graphs
from dokaz.estimate.latent_class_model import LatentClassEstimate, latent_classes
from dokaz.estimate.loglinear import FittedModel, LoglinearModels, loglinear_models
from dokaz.estimate.overlaps import OverlapTable
from dokaz.estimate.profile_interval import ProfileInterval, profile_interval
from dokaz.estimate.resampling import Resampled, resample
from dokaz.estimate.simple_models import chao_lower_bound, independence

__all__ = [
    "AveragedSize",
    "FittedModel",
    "GraphAverage",
    "LatentClassEstimate",
    "LoglinearModels",
    "OverlapTable",
    "ProfileInterval",
    "Resampled",
    "average_over_graphs",
    "average_over_linkages",
    "average_over_models",
    "chao_lower_bound",
    "independence",
    "latent_classes",
    "loglinear_models",
    "profile_interval",
    "resample",
]
