"""Letters L and M: vehicles and devices."""

import pytest

from tests.deid.engine.marked import check


@pytest.mark.parametrize(
    "row",
    [
        "VIN «1HGCM82633A004352» found.",
        "VIN «1HGCM82633A004353» has a wrong check digit.",
        "A car «1HGCM82633A004353» was towed.",
        "Car with plate «ABC 1234» (IL) hit her.",
        "license plate «7TRR812»",
        "tag number «KXR-4471»",
        "Brought by «Medic 51».",
        "Pacemaker S/N «PJN123456» works.",
        "Implant SN: «88Q-1».",
        "CPAP serial «2210 4471»",
        "serial no. «A1B2C3»",
        "Device (01)00844588003288(21)«A213B1» used.",
        "Valve (01)00844588003288(17)«260101»(10)«LOT44» used.",
        "Lot «88412» was used.",
        "Medtronic model W1DR01, S/N «RNB401234H».",
        "MAC «00:1A:2B:3C:4D:5E» of the pump.",
        "IMEI «356938035643809» of the phone.",
    ],
)
def test_a_vehicle_or_device_goes(row):
    check(row)


@pytest.mark.parametrize(
    "row",
    [
        "MVC in a 2015 Honda Civic.",
        "Medtronic Azure XT SR, model W1DR01.",
        "Set to DDD 60-130. A 26 mm valve.",
        "16 gauge needle, 8 Fr sheath, 7.5 ETT.",
        "A lot of pain. Batch of 3 tests.",
        "Engine noise, truck driver.",
        "Skin tags 3 mm, dental plate.",
    ],
)
def test_models_sizes_and_settings_stay(row):
    check(row)
